import { mkdir, writeFile } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join } from 'node:path'
import type { StepRequest } from '../../execution/shells.ts'
import type { LaunchContext } from './shell.ts'

/** A script on the disk. A step's text holds no secret: those are in the environment alone. */
export interface ScriptFile {
  readonly folder: string
  /** Relative to the folder: what the shell calls the script in its errors. */
  readonly name: string
}

/**
 * Writes the text into a private folder, under the name of its runbook and with as many lines before it as stand there: for
 * shells that name in their errors the file that they were given.
 * @param begin what the shell runs on the first line, before the text
 */
export const writeScript = async (request: StepRequest, context: LaunchContext, begin: string): Promise<ScriptFile> => {
  const folder = join(await context.folder(), 'script')
  const name = nameInFolder(request.place.file)
  await mkdir(dirname(join(folder, name)), { recursive: true })
  const border = request.place.line < 2 ? '; ' : '\n'.repeat(request.place.line - 1)
  await writeFile(join(folder, name), `${begin}${border}${request.text}\n`, { mode: 0o600 })
  return { folder, name }
}

const nameInFolder = (file: string): string => {
  const isInside = !isAbsolute(file) && !file.split('/').some((part) => part === '' || part === '.' || part === '..')
  const name = isInside ? file : basename(file)
  if (name === '' || name === '.' || name === '..') return 'step'
  return name.startsWith('-') ? `./${name}` : name
}
