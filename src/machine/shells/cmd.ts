import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import type { StepRequest } from '../../execution/shells.ts'
import { encodeCodePage932 } from './code-page.ts'
import { layered } from './environment.ts'
import type { Handover, Launch, LaunchContext, ProcessShell, Refusal } from './shell.ts'

let codePage: Promise<number> | undefined

/** The code page of the console, which batch files are read in. */
const consoleCodePage = async (): Promise<number> => {
  const key = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Nls\\CodePage'
  const { stdout } = await execa('reg', ['query', key, '/v', 'OEMCP'], { reject: false, windowsHide: true })
  return Number(/OEMCP\s+REG_SZ\s+(\d+)/.exec(String(stdout))?.[1] ?? 437)
}

/**
 * cmd puts `%NAME%` into the line before it reads the line: a value can end the command and begin another. `!NAME!` is
 * put in afterwards and cannot.
 * @returns the first variable that the text uses so and whose value cmd would not take as plain text
 */
const unsafeVariable = (request: StepRequest): string | undefined => {
  const text = request.text.toUpperCase()
  const isUsed = (name: string) => text.includes(`%${name.toUpperCase()}%`) || text.includes(`%${name.toUpperCase()}:`)
  const unsafe = ([name, value]: readonly [string, string]) =>
    // `)` ends a block; in a value that someone typed it is refused, in `Program Files (x86)` everyone lives with it.
    (/[&|<>^%"\r\n]/.test(value) || (Object.hasOwn(request.grants, name) && value.includes(')'))) && isUsed(name)
  return Object.entries(layered(request.state.env, request.grants, 'win32')).find(unsafe)?.[0]
}

/** `!NAME!` works in steps that use it; elsewhere an exclamation mark stays what it is. */
const delayedExpansion = /![A-Za-z_][A-Za-z0-9_]*(:[^!\r\n]*)?!/

const lines = (...each: readonly string[]): string => each.map((line) => `${line}\r\n`).join('')

/**
 * The step is a batch file of its own, and another one runs after it whatever `exit /b` or `goto` it held. `cmd /u` lists
 * the variables in UTF-16, whatever the code page, and its errors are hidden: it is no work of the step's.
 */
const launch = async (request: StepRequest, context: LaunchContext): Promise<Launch | Refusal> => {
  const name = unsafeVariable(request)
  if (name !== undefined) return { refused: { code: 'value-unsafe-in-cmd', values: { name } } }
  codePage ??= consoleCodePage()
  const text = `${request.text.replaceAll('\n', '\r\n')}\r\n`
  const native = (await codePage) === 932 ? encodeCodePage932(text) : undefined
  const folder = await context.folder()
  const file = (name: string) => join(folder, `${name}.cmd`)
  const handover = context.handover.kind === 'path' ? context.handover.path : 'nul'
  const before = native ? '@echo off' : '@echo off & chcp 65001 >nul'
  await Promise.all([
    writeFile(file('step'), Buffer.concat([Buffer.from(lines(before)), native ?? Buffer.from(text)])),
    writeFile(
      file('afterwards'),
      lines('@echo off', 'set BATON_CODE=%ERRORLEVEL%', 'call "%~dp0handover.cmd" 2>nul', 'exit %BATON_CODE%'),
    ),
    writeFile(file('handover'), lines(`@cmd /u /d /c "set & cd" >"${handover}"`)),
  ])
  const expansion = delayedExpansion.test(request.text) ? '/v:on' : '/v:off'
  return {
    args: ['/d', expansion, '/s', '/c', `""${file('step')}" & "${file('afterwards')}""`],
    env: {},
    verbatim: true,
  }
}

/** What cmd has of itself, listed by `set` as if it were in the environment. */
const ownVariables = ['PROMPT', 'PATHEXT', 'COMSPEC']

const readHandover = (bytes: Buffer, request: StepRequest): Handover | undefined => {
  let text = new TextDecoder('utf-16le').decode(bytes)
  const cwd = /(?:^|\n)([A-Za-z]:\\[^\r\n]*|\\\\[^\r\n]*)\r\n$/.exec(text)?.[1]
  if (cwd === undefined) return undefined
  text = text.slice(0, text.length - cwd.length - 2)
  const env: Record<string, string> = {}
  // A value of several lines cannot be told from several variables, unless one knows it.
  for (const [name, value] of Object.entries({ ...request.state.env, ...request.grants })) {
    const listed = `${name}=${value}\r\n`
    if (!/[\r\n]/.test(value) || !text.includes(listed)) continue
    env[name] = value
    text = text.replace(listed, () => '')
  }
  const had = new Set(Object.keys(request.state.env).map((name) => name.toUpperCase()))
  for (const line of text.split('\r\n')) {
    const [, name, value] = /^([^=]+)=(.*)$/.exec(line) ?? []
    if (name === undefined || value === undefined) continue
    if (!ownVariables.includes(name.toUpperCase()) || had.has(name.toUpperCase())) env[name] = value
  }
  return { kind: 'state', env, cwd }
}

/**
 * Windows' cmd.exe. It has no way to end at the first failing command: a step's code is that of its last one, or what
 * `exit /b` says. A plain `exit` ends it so suddenly that nothing is handed on.
 */
export const cmd: ProcessShell = {
  kind: 'process',
  name: 'cmd',
  interpreters: (platform) => (platform === 'win32' ? ['cmd'] : []),
  launch,
  readHandover,
}
