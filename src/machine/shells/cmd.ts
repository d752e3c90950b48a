import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import type { StepRequest } from '../../execution/shells.ts'
import { needsDelayedExpansion, unsafeVariable } from './cmd-values.ts'
import { encodeCodePage932 } from './code-page.ts'
import type { Handover, Launch, LaunchContext, ProcessShell, Refusal } from './shell.ts'

let codePage: Promise<number> | undefined

/** The code page of the console, which batch files are read in. */
const consoleCodePage = async (): Promise<number> => {
  const key = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Nls\\CodePage'
  const { stdout } = await execa('reg', ['query', key, '/v', 'OEMCP'], { reject: false, windowsHide: true })
  return Number(/OEMCP\s+REG_SZ\s+(\d+)/.exec(String(stdout))?.[1] ?? 437)
}

const lines = (...each: readonly string[]): string => each.map((line) => `${line}\r\n`).join('')

/**
 * The text as a batch file. cmd goes on reading it in the code page that `chcp` sets, so a text that sets UTF-8 is UTF-8 from
 * its beginning, as is one with characters that the console's code page lacks.
 */
const batchFile = async (step: string): Promise<Buffer> => {
  codePage ??= consoleCodePage()
  const text = `${step.replaceAll('\n', '\r\n')}\r\n`
  const native = (await codePage) === 932 && !/\bchcp\s+65001\b/i.test(step) ? encodeCodePage932(text) : undefined
  const before = native ? '@echo off' : '@echo off & chcp 65001 >nul'
  return Buffer.concat([Buffer.from(lines(before)), native ?? Buffer.from(text)])
}

/**
 * The step is a batch file of its own, and another one runs after it whatever `exit /b` or `goto` it held. `cmd /u` lists
 * the variables in UTF-16, whatever the code page, and its errors are hidden: it is no work of the step's. It is called by its
 * whole path, since the step may have changed PATH.
 */
const launch = async (request: StepRequest, context: LaunchContext): Promise<Launch | Refusal> => {
  const cwd = request.cwd ?? request.state.cwd
  // cmd would complain and go on in C:\Windows, which no step was written for.
  if (/^[\\/]{2}/.test(cwd)) return { refused: { code: 'cwd-on-share', values: { path: cwd } } }
  const name = unsafeVariable(request)
  if (name !== undefined) return { refused: { code: 'value-unsafe-in-cmd', values: { name } } }
  const folder = await context.folder()
  const file = (name: string) => join(folder, `${name}.cmd`)
  const handover = context.handover.kind === 'path' ? context.handover.path : 'nul'
  await Promise.all([
    writeFile(file('step'), await batchFile(request.text)),
    writeFile(
      file('afterwards'),
      lines('@echo off', 'set BATON_CODE=%ERRORLEVEL%', 'call "%~dp0handover.cmd" 2>nul', 'exit %BATON_CODE%'),
    ),
    writeFile(file('handover'), lines(`@"${context.interpreter}" /u /d /c "set & cd" >"${handover}"`)),
  ])
  const expansion = needsDelayedExpansion(request.text) ? '/v:on' : '/v:off'
  return {
    args: ['/d', expansion, '/s', '/c', `""${file('step')}" & "${file('afterwards')}""`],
    env: {},
    verbatim: true,
  }
}

/** What cmd has of itself, listed by `set` as if it were in the environment. */
const ownVariables = ['PROMPT', 'PATHEXT', 'COMSPEC']

/** What cmd computes, as long as no variable of that name hides it: a step that sets one hands it to no other. */
const computed = ['ERRORLEVEL', 'CD', 'DATE', 'TIME', 'RANDOM', 'CMDCMDLINE', 'CMDEXTVERSION', 'HIGHESTNUMANODENUMBER']

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
    const key = name.toUpperCase()
    if (!computed.includes(key) && (!ownVariables.includes(key) || had.has(key))) env[name] = value
  }
  return { kind: 'state', env, cwd }
}

/**
 * Windows' cmd.exe. It has no way to end at the first failing command (`errors` changes nothing): a step's code is the
 * ERRORLEVEL at the end of its text, or what `exit /b` says. A plain `exit` ends it so suddenly that nothing is handed on, and
 * what follows a `setlocal` ends with the text, as in every batch file.
 */
export const cmd: ProcessShell = {
  kind: 'process',
  name: 'cmd',
  interpreters: (platform) => (platform === 'win32' ? ['cmd'] : []),
  launch,
  readHandover,
}
