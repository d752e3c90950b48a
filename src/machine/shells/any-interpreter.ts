import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { wordsOf } from '../../runbook/interpreter-line.ts'
import type { ProcessShell } from './shell.ts'

/** What interpreters that go by a file's name expect it to end in. */
const endings: Readonly<Record<string, string>> = {
  bun: '.ts',
  cscript: '.vbs',
  deno: '.ts',
  dotnet: '.fsx',
  go: '.go',
  'ts-node': '.ts',
  tsx: '.ts',
}

/**
 * Any program that runs the script whose path is its last argument, such as `awk -f` or `deno run`. The script lies in a
 * private folder while it runs: it holds no secret, those are in the environment alone. What it changes stays with it.
 */
export const anyInterpreter = (command: string): ProcessShell => {
  const [program = '', ...args] = wordsOf(command)
  const plain = program
    .replace(/^.*[/\\]/, '')
    .replace(/\.exe$/i, '')
    .toLowerCase()
  return {
    kind: 'process',
    name: command,
    interpreters: (platform) =>
      // Scripts that name a path of Unix run on Windows, too, where the program is on the PATH.
      platform === 'win32' && program.startsWith('/') ? [program, plain] : [program],
    launch: async (request, { folder }) => {
      const file = join(await folder(), `step${endings[plain] ?? ''}`)
      await writeFile(file, `${request.text}\n`, { mode: 0o600 })
      return { args: [...args, file], env: {} }
    },
    readHandover: () => undefined,
  }
}
