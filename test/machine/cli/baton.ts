import { execFile, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { after } from 'mocha'

/** The program under test: the source itself, or the bundle that `BATON_CLI` names. */
export const program = resolve(process.env.BATON_CLI ?? 'src/cli.ts')

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Surroundings {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string | undefined>>
  /** What comes through the standard input; nothing when left out. */
  readonly input?: string | Uint8Array
}

/**
 * Nothing of the person who runs the tests: neither their language, nor their keychain, nor their git identity, nor what they
 * let run before.
 */
export function environment(more: Readonly<Record<string, string | undefined>> = {}): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    LANG: 'C.UTF-8',
    LC_ALL: undefined,
    LC_MESSAGES: undefined,
    BATON_LANG: 'en',
    DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere',
    DISPLAY: undefined,
    NO_COLOR: undefined,
    FORCE_COLOR: undefined,
    GIT_AUTHOR_NAME: 'Sato Kenji',
    GIT_AUTHOR_EMAIL: 'k.sato@example.co.jp',
    ...stateIn(join(temporary(), 'state')),
    ...more,
  }
  for (const name of Object.keys(env)) if (env[name] === undefined) delete env[name]
  return env
}

/** Runs `baton` without a terminal until it ends. */
export function baton(args: readonly string[], { cwd, env, input }: Surroundings): Promise<Ended> {
  return new Promise((done) => {
    const options = { cwd, env: environment({ ...stateFor(cwd), ...env }), maxBuffer: 64 * 1024 * 1024 }
    const child = execFile(process.execPath, [program, ...args], options, (_error, stdout, stderr) =>
      done({ code: child.exitCode, stdout, stderr }),
    )
    child.stdin?.end(input)
  })
}

/** Starts `baton` without waiting for it. */
export function startBaton(args: readonly string[], { cwd, env }: Surroundings) {
  return spawn(process.execPath, [program, ...args], {
    cwd,
    env: environment({ ...stateFor(cwd), ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

const folders: string[] = []

after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

let sharedFolder: string | undefined

function temporary(): string {
  if (sharedFolder === undefined) {
    sharedFolder = realpathSync(mkdtempSync(join(tmpdir(), 'baton-cli-')))
    folders.push(sharedFolder)
  }
  return sharedFolder
}

/** Where a person's approvals are kept, on each system. */
function stateIn(folder: string): Readonly<Record<string, string>> {
  return { XDG_STATE_HOME: folder, ...(process.platform === 'win32' ? { LOCALAPPDATA: folder } : {}) }
}

/** Each folder of a test has an operator of its own, who never let anything run. */
export function stateFor(cwd: string): Readonly<Record<string, string>> {
  const above = folders.find((folder) => cwd.startsWith(folder))
  return above === undefined ? {} : stateIn(join(above, 'state'))
}

/** A new folder with these files. */
export function folderOf(files: Readonly<Record<string, string>>, name = 'repo'): string {
  const above = realpathSync(mkdtempSync(join(tmpdir(), 'baton-cli-')))
  folders.push(above)
  const folder = join(above, name)
  mkdirSync(folder)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

/** A git repo with these files, committed. */
export function repoOf(files: Readonly<Record<string, string>>, name?: string): string {
  const folder = folderOf(files, name)
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, ...args], { env: environment(), stdio: 'ignore' })
  git('init', '-q')
  git('add', '-A')
  git('-c', 'user.name=Sato', '-c', 'user.email=s@example.com', 'commit', '-q', '-m', 'Runbooks', '--allow-empty')
  return folder
}

/** A fenced code block. */
export function fence(info: string, ...lines: readonly string[]): string {
  const mark = '`'.repeat(3)
  return [`${mark}${info}`, ...lines, mark, ''].join('\n')
}
