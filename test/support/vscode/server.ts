import { execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { installVscode, type Release } from './install.ts'

const quietSettings = {
  'chat.disableAIFeatures': true,
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  // Terminal text stays in the DOM, where tests can read it.
  'terminal.integrated.gpuAcceleration': 'off',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
}

export type ServerOptions = {
  readonly release?: Release
  /** Folders to open, as copies, so that tests may change files. More than one opens as a multi-root workspace. */
  readonly folders?: readonly string[]
  /** A folder to open as it is, in place of copies. */
  readonly inPlace?: string
  /** What to have installed: a .vsix file, or an extension's folder, which is linked, not copied. */
  readonly extension?: string
  /** Display language such as `ja`. VS Code's own texts stay English; the extension's texts follow it. */
  readonly locale?: string
  /** User settings on top of the quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** Environment of the server, and so of the extension host and the steps that it runs. */
  readonly env?: Readonly<Record<string, string>>
  /** More arguments of the server. */
  readonly args?: readonly string[]
  /** `restricted`: workspace trust is on, nobody is asked, the folder is not trusted. */
  readonly trust?: 'trusted' | 'restricted'
  /** Where server, settings and extensions live. Kept at the end; without it everything is temporary. */
  readonly keepIn?: string
  /** The home of the server; its own empty one by default. */
  readonly home?: string
  readonly port?: number
}

export type Server = {
  /** Everything of this server: `workspace` (the copies), `home`, `tmp`, `data`. */
  readonly dir: string
  /** The opened folders, in order. */
  readonly folders: readonly string[]
  readonly port: number
  /** Resolves with the exit code (null when it was killed) once the server has ended. */
  readonly exited: Promise<number | null>
  readonly log: () => string
  /** Address of the workbench; `payload` holds workbench options such as extensionDevelopmentPath. */
  readonly url: (payload?: Readonly<Record<string, string>>) => string
  /** How a file is named in `payload`. */
  readonly uri: (path: string) => string
  readonly stop: () => Promise<void>
}

/**
 * A VS Code server on 127.0.0.1, with its own settings, extensions, home and temporary folder.
 *
 * @throws when the server ends before it listens, with its log
 */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const { locale = 'en', settings = {}, env = {}, args = [], trust = 'trusted', port = 0 } = options
  const installation = installVscode(options.release)
  if (options.keepIn) mkdirSync(options.keepIn, { recursive: true })
  const dir = realpathSync(options.keepIn ?? mkdtempSync(join(tmpdir(), 'vsc-')))
  const data = join(dir, 'data', 'data')
  for (const path of [join(data, 'User'), join(dir, 'home'), join(dir, 'tmp')]) mkdirSync(path, { recursive: true })
  const { folders, target } = lay(dir, options)

  const trustSettings = trust === 'restricted' ? { 'security.workspace.trust.startupPrompt': 'never' } : {}
  const userSettings = { ...quietSettings, ...trustSettings, ...settings }
  const settingsFile = join(data, 'User', 'settings.json')
  // A server that is kept has the settings of the person who uses it.
  if (!options.keepIn || !existsSync(settingsFile)) writeFileSync(settingsFile, JSON.stringify(userSettings, null, 2))
  if (locale !== 'en') writeEmptyLanguagePack(data, locale)

  const ownPlaces = { HOME: options.home ?? join(dir, 'home'), TMPDIR: join(dir, 'tmp'), EXTENSIONS_GALLERY: '{}' }
  const childEnv = { ...process.env, ...ownPlaces, ...env }
  const serverArgs = [installation.serverMain, '--server-data-dir', join(dir, 'data'), '--accept-server-license-terms']
  installExtension(options.extension, dir, () =>
    execFileSync(installation.node, serverArgs.concat('--install-extension', resolve(options.extension ?? '')), {
      env: childEnv,
    }),
  )

  const listen = [
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--without-connection-token',
    '--telemetry-level',
    'off',
  ]
  const trustArgs = trust === 'trusted' ? ['--disable-workspace-trust'] : []
  const child = spawn(installation.node, [...serverArgs, ...listen, '--locale', locale, ...trustArgs, ...args], {
    env: childEnv,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  const exited = new Promise<number | null>((done) => child.once('exit', done))
  const listening = await new Promise<number>((ready, fail) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        log += text
        const match = /Extension host agent listening on (\d+)/.exec(log)
        if (match) ready(Number(match[1]))
      })
    }
    child.once('error', fail)
    child.once('exit', (code) => fail(new Error(`The VS Code server ended with ${code}.\n${log}`)))
  })

  const end = (signal: NodeJS.Signals) => {
    try {
      if (child.pid) process.kill(-child.pid, signal)
    } catch {
      // It is gone already.
    }
  }
  return {
    dir,
    folders,
    port: listening,
    exited,
    log: () => log,
    url: (payload = {}) => {
      const entries = Object.entries(payload)
      const query = new URLSearchParams({ ...target, ...(entries.length > 0 && { payload: JSON.stringify(entries) }) })
      return `http://127.0.0.1:${listening}/?${query}`
    },
    uri: (path) => `vscode-remote://127.0.0.1:${listening}${realpathSync(path)}`,
    async stop() {
      end('SIGTERM')
      const forced = setTimeout(() => end('SIGKILL'), 5000)
      await exited
      clearTimeout(forced)
      if (!options.keepIn) rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
    },
  }
}

/** Lays out what is opened: one folder in place, one copy, or a multi-root workspace file over several copies. */
function lay(
  dir: string,
  { folders = [], inPlace }: ServerOptions,
): { readonly folders: readonly string[]; readonly target: Readonly<Record<string, string>> } {
  if (inPlace) {
    const folder = realpathSync(inPlace)
    return { folders: [folder], target: { folder } }
  }
  if (folders.length < 2) {
    const folder = join(dir, 'workspace')
    mkdirSync(folder, { recursive: true })
    for (const from of folders) cpSync(from, folder, { recursive: true })
    return { folders: [folder], target: { folder } }
  }
  const copies = folders.map((from) => join(dir, 'workspace', basename(from)))
  for (const [index, copy] of copies.entries()) cpSync(folders[index] ?? '', copy, { recursive: true })
  const workspace = join(dir, 'workspace', 'several.code-workspace')
  writeFileSync(workspace, JSON.stringify({ folders: copies.map((path) => ({ path })) }))
  return { folders: copies, target: { workspace } }
}

function installExtension(extension: string | undefined, dir: string, installVsix: () => void) {
  const extensions = join(dir, 'data', 'extensions')
  // A kept folder would go on naming what was installed last time.
  rmSync(extensions, { recursive: true, force: true })
  if (!extension) return
  if (extension.endsWith('.vsix')) {
    installVsix()
    return
  }
  mkdirSync(extensions, { recursive: true })
  symlinkSync(resolve(extension), join(extensions, basename(resolve(extension))))
}

/**
 * With a language pack for `locale`, even an empty one, `vscode.env.language` is `locale`, and so the extension's
 * package.nls.<locale>.json and l10n/bundle.l10n.<locale>.json are used. Without one VS Code falls back to English.
 */
function writeEmptyLanguagePack(data: string, locale: string) {
  const translations = join(data, `${locale}.i18n.json`)
  writeFileSync(translations, JSON.stringify({ version: '1.0.0', contents: {} }))
  const pack = {
    hash: 'empty',
    label: locale,
    translations: { vscode: translations },
    extensions: [{ extensionIdentifier: { id: `harness.language-pack-${locale}` }, version: '1.0.0' }],
  }
  writeFileSync(join(data, 'languagepacks.json'), JSON.stringify({ [locale]: pack }))
}
