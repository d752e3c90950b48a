import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { StepRequest } from '../../execution/shells.ts'
import type { PrivateFolder } from '../ownership/private-folder.ts'

type Ask = NonNullable<StepRequest['askPassword']>

/**
 * Answers programs that want a password and have no terminal: sudo(8) with `-A`, ssh(1) and git(1) each name a variable
 * that says which program asks for them. What is answered goes over a socket to that program and from its output to the
 * one that asked: never onto the disk, into an argument or into an environment.
 */
export interface Askpass {
  /**
   * @returns variables for the environment of the step that `ask` belongs to, until `end` is called; none where the
   *   program cannot be put down
   */
  lend(ask: Ask): Promise<{ readonly env: Readonly<Record<string, string>>; end(): void }>
  close(): Promise<void>
}

const editorFlag = '--ms-enable-electron-run-as-node'

/** Says what it is to ask for and prints the answer; without one it fails, as the operator withdrew. */
const client = `const [path, step, ...prompt] = process.argv.slice(2).filter((one) => one !== '${editorFlag}')
let answer = ''
require('node:net').connect(path)
  .on('data', (more) => { answer += more })
  .on('end', () => { if (answer) process.stdout.write(JSON.parse(answer) + '\\n'); else process.exitCode = 1 })
  .on('error', () => { process.exitCode = 1 })
  .write(JSON.stringify([step, prompt.join(' ')]) + '\\n')
`

/** Microsoft's build of the editor is a Node only with this flag behind the script, too; VS Code's own askpass gives it. */
const extraFlag = (): string => ('microsoft-build' in process.versions ? ` ${editorFlag}` : '')

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

const unixLauncher = (script: string, path: string): string =>
  `#!/bin/sh
unset NODE_OPTIONS
export ELECTRON_RUN_AS_NODE=1
exec ${quoted(process.execPath)} ${quoted(script)}${extraFlag()} ${quoted(path)} "$BATON_ASK" "$@"
`

const windowsLauncher = (path: string): string =>
  `@echo off\r\nset NODE_OPTIONS=\r\nset ELECTRON_RUN_AS_NODE=1\r\n"${process.execPath}" "%~dp0ask.cjs"${extraFlag()} "${path}" "%BATON_ASK%" %*\r\n`

interface Service {
  readonly server: Server
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
}

/** One per run; there is nothing of it before the first `lend`. */
export const createAskpass = (folders: PrivateFolder, platform: NodeJS.Platform): Askpass => {
  const asking = new Map<string, Ask>()
  let service: Promise<Service | undefined> | undefined

  const open = async (): Promise<Service | undefined> => {
    try {
      const folder = await folders.fresh()
      const windows = platform === 'win32'
      const path = windows ? `\\\\.\\pipe\\baton-${randomBytes(16).toString('hex')}` : join(folder, 's')
      const server = createServer((socket) => serve(socket))
      server.unref()
      server.listen(path)
      await once(server, 'listening')
      const program = join(folder, windows ? 'ask.cmd' : 'ask')
      const script = join(folder, 'ask.cjs')
      await writeFile(script, client)
      await writeFile(program, windows ? windowsLauncher(path) : unixLauncher(script, path), { mode: 0o700 })
      const env = {
        SUDO_ASKPASS: program,
        SSH_ASKPASS: program,
        SSH_ASKPASS_REQUIRE: 'force',
        GIT_ASKPASS: windows ? program.replaceAll('\\', '/') : program,
      }
      return { server, folder, env }
    } catch {
      // Steps run without it: a program that asks then says itself that there is no terminal.
      return undefined
    }
  }

  const serve = (socket: Socket): void => {
    // Whoever asked may be gone before it is answered.
    socket.on('error', () => {})
    createInterface({ input: socket })
      .once('line', (line) => {
        void answer(line).then(
          (text) => socket.end(text),
          () => socket.end(),
        )
      })
      .on('error', () => {})
  }
  const answer = async (line: string): Promise<string> => {
    const [step, prompt]: readonly unknown[] = JSON.parse(line)
    // A program that cleared its environment belongs to the one step that runs, where there is but one.
    const only = asking.size === 1 ? [...asking.values()][0] : undefined
    const ask = asking.get(String(step)) ?? only
    const text = await ask?.(String(prompt))
    return text === undefined ? '' : JSON.stringify(text)
  }

  return {
    lend: async (ask) => {
      service ??= open()
      const opened = await service
      if (!opened) return { env: {}, end: () => {} }
      const step = randomBytes(8).toString('hex')
      asking.set(step, ask)
      return { env: { ...opened.env, BATON_ASK: step }, end: () => void asking.delete(step) }
    },
    close: async () => {
      const opened = await service
      opened?.server.close()
      if (opened) await folders.discard(opened.folder)
    },
  }
}
