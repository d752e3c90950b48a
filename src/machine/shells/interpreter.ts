import { constants } from 'node:fs'
import { access, open, stat } from 'node:fs/promises'
import { posix, win32 } from 'node:path'

const isProgram = async (path: string, platform: NodeJS.Platform): Promise<boolean> => {
  try {
    await access(path, platform === 'win32' ? constants.F_OK : constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}

/**
 * Looks a program up as the operating system would, on the PATH and, on Windows, with the endings of PATHEXT that start
 * without a shell. An absolute path is itself; one relative to wherever the run is would be anyone's program.
 * @returns its absolute path
 */
export const findProgram = async (
  name: string,
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): Promise<string | undefined> => {
  const path = platform === 'win32' ? win32 : posix
  if (path.isAbsolute(name) && (await isProgram(name, platform))) return name
  if (/[/\\]/.test(name)) return undefined
  const value = Object.entries(env).find(([key]) => (platform === 'win32' ? key.toUpperCase() : key) === 'PATH')?.[1]
  const endings = platform === 'win32' && !win32.extname(name) ? ['.exe', '.com'] : ['']
  for (const folder of (value ?? '').split(path.delimiter).filter((entry) => path.isAbsolute(entry))) {
    for (const ending of endings) {
      const file = path.join(folder, name + ending)
      if (await isProgram(file, platform)) return file
    }
  }
  return undefined
}

export const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  )

/**
 * Whether a program is one of Wine's stand-ins, which do nothing and answer 0: their DOS header says so.
 */
export const isStandIn = async (path: string): Promise<boolean> => {
  const file = await open(path)
  try {
    const { buffer } = await file.read(Buffer.alloc(128), 0, 128, 0)
    return buffer.includes('Wine builtin DLL') || buffer.includes('Wine placeholder DLL')
  } finally {
    await file.close()
  }
}
