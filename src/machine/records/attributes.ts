import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { recordAttributes } from '../../record/attributes.ts'
import { git } from '../git.ts'
import { errnoOf, recordPaths } from './reading.ts'

const file = '.gitattributes'

/** Whether git may change the line ends of a repo's records; false where git is not there to do it. */
export async function changesRecords(root: string): Promise<boolean> {
  const answer = await git(root, ['check-attr', '-z', 'text', 'eol', '--', '.baton/runs/2026/01/x.jsonl'])
  if (answer === undefined) return false
  const words = answer.split('\0')
  const attribute = (name: string) => words[words.indexOf(name) + 1]
  return attribute('text') !== 'unset' && attribute('eol') !== 'lf'
}

/**
 * Whether it is time to say so, because the first records were just written.
 * @param written how many that were
 */
export async function beginsUnprotected(root: string, written: number): Promise<boolean> {
  const paths = await recordPaths(root, '.baton/runs')
  return paths.length <= written && (await changesRecords(root))
}

/**
 * Adds the line that keeps git from changing records. Nothing else in the file is touched.
 * @returns an errno name where it cannot be written
 */
export async function protectRecords(root: string): Promise<string | undefined> {
  const path = join(root, file)
  try {
    const before = await readFile(path, 'utf8').catch((error) => {
      if (errnoOf(error) === 'ENOENT') return ''
      throw error
    })
    const lineEnd = before.includes('\r\n') ? '\r\n' : '\n'
    const gap = before === '' || before.endsWith('\n') ? '' : lineEnd
    await appendFile(path, `${gap}${recordAttributes}${lineEnd}`)
    return undefined
  } catch (error) {
    return errnoOf(error)
  }
}
