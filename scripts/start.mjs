// Builds Baton and opens the sample runbooks in a VS Code that has it:
//   npm start [-- --lang ja|en] [--editor desktop|download|server]
// The first that this machine has: the desktop VS Code, one that can be downloaded, the VS Code server in the browser.
// The samples are opened as a copy in the home folder, a git repo of its own, so that records stay for the next time.
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { downloadAndUnzipVSCode } from '@vscode/test-electron'
import { run } from './run.mjs'
import { installSystemPackages } from './system-packages.mjs'

const root = join(import.meta.dirname, '..')
const usualPort = 4870
const { values: options } = parseArgs({ options: { lang: { type: 'string' }, editor: { type: 'string' } } })
const lang = options.lang ?? languageOfTheMachine()
const texts = {
  en: {
    desktop: 'Opened in your VS Code, with Baton loaded from here:',
    download: 'VS Code was downloaded and opened, with Baton loaded from here:',
    unreachable: 'No VS Code could be downloaded; the VS Code server takes its place.',
    server: 'Open this address in a browser (Ctrl+C ends it):',
    samples: 'The sample runbooks, a git repo that is yours to change:',
    withoutEditor: 'Or run one without an editor:',
  },
  ja: {
    desktop: 'お使いの VS Code で開きました。Baton はここから読み込まれています:',
    download: 'VS Code をダウンロードして開きました。Baton はここから読み込まれています:',
    unreachable: 'VS Code をダウンロードできなかったため、VS Code サーバーで開きます。',
    server: 'ブラウザーでこのアドレスを開いてください (Ctrl+C で終了します):',
    samples: 'サンプルの手順書です。自由に書き換えられる git リポジトリです:',
    withoutEditor: 'エディターなしで実行するには:',
  },
}[lang]
if (!texts) {
  console.error('--lang is ja or en')
  process.exit(2)
}

process.chdir(root)
// A container is ours to fill. On a system of somebody's own, Debian's slapd would start as a service: there the sample
// says how to get it.
if (process.getuid?.() === 0 && !existsSync('/run/systemd/system')) installSystemPackages(['samples'])
if (run(process.execPath, ['esbuild.mjs']) !== 0) process.exit(1)
const samples = layOutSamples()

const editors = { desktop: openDesktop, download: openDownloaded, server: openServer }
const chosen = options.editor ? [options.editor] : Object.keys(editors)
for (const name of chosen) {
  if (await editors[name]?.()) process.exit(0)
}
process.exit(1)

function languageOfTheMachine() {
  const { LC_ALL, LC_MESSAGES, LANG } = process.env
  const locale = LC_ALL || LC_MESSAGES || LANG || Intl.DateTimeFormat().resolvedOptions().locale
  return locale.startsWith('ja') ? 'ja' : 'en'
}

/** A copy that stays: what a person changes in it, and the records of their runs, are there the next time. */
function layOutSamples() {
  const folder = join(homedir(), 'baton-samples', lang)
  if (existsSync(folder)) return folder
  mkdirSync(folder, { recursive: true })
  cpSync(join(root, 'runbooks-sample', lang), folder, { recursive: true })
  const git = (...args) => spawnSync('git', ['-C', folder, ...args], { stdio: 'ignore' }).status === 0
  if (git('init', '--initial-branch', 'main')) {
    git('add', '--all')
    // A machine without a git identity still gets its first commit.
    const identity = git('config', 'user.email') ? [] : ['-c', 'user.name=Baton', '-c', 'user.email=baton@localhost']
    git(...identity, 'commit', '--message', lang === 'ja' ? 'サンプルの手順書' : 'Sample runbooks')
  }
  return folder
}

function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

function sampleRun() {
  if (process.platform === 'win32') return `npx baton run ${join(samples, 'network', 'vpn-trouble-windows.md')} --yes`
  // The practice directory takes the first password that it is given.
  return `BATON_SECRET_LDAP_PASSWORD=midori-2026 npx baton run ${join(samples, 'people', 'joining.md')} --yes`
}

function report(...lines) {
  console.log(
    ['', ...lines, '', texts.samples, `  ${samples}`, '', texts.withoutEditor, `  ${sampleRun()}`, ''].join('\n'),
  )
}

function atLeast(version, oldest) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [oldestMajor = 0, oldestMinor = 0] = oldest.split('.').map(Number)
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)
}

function openDesktop() {
  if (!hasDisplay()) return false
  // On Windows `code` is a batch file, which only a shell starts.
  const shell = process.platform === 'win32'
  const quoted = (text) => (shell ? `"${text}"` : text)
  const { status, stdout } = spawnSync('code', ['--version'], { encoding: 'utf8', shell })
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8'))
  if (status !== 0 || !atLeast(stdout, engines.vscode.slice(1))) return false
  const args = [
    '--new-window',
    `--extensionDevelopmentPath=${quoted(root)}`,
    quoted(samples),
    quoted(join(samples, 'README.md')),
  ]
  if (spawnSync('code', args, { stdio: 'ignore', shell }).status !== 0) return false
  report(texts.desktop, `  ${root}`)
  return true
}

async function openDownloaded() {
  if (!hasDisplay()) return false
  const code = await downloadAndUnzipVSCode({ version: 'stable', timeout: 15_000 }).catch(() => undefined)
  if (!code) {
    console.log(texts.unreachable)
    return false
  }
  const profile = ['--user-data-dir', join(root, '.vscode-test', 'user-data'), '--disable-workspace-trust']
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const args = [`--extensionDevelopmentPath=${root}`, ...profile, ...asRoot, samples, join(samples, 'README.md')]
  spawn(code, args, { detached: true, stdio: 'ignore' }).unref()
  report(texts.download, `  ${root}`)
  return true
}

/** The same address as last time where it is free: what the browser remembers belongs to an address. */
async function freePort() {
  const probe = createServer()
  const isFree = new Promise((done) => {
    probe.once('error', () => done(false))
    probe.listen(usualPort, '127.0.0.1', () => probe.close(() => done(true)))
  })
  return (await isFree) ? usualPort : 0
}

async function openServer() {
  const { startServer } = await import('../test/support/vscode/server.ts')
  const state = process.env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state')
  const server = await startServer({
    inPlace: samples,
    extension: root,
    locale: lang,
    keepIn: join(state, 'baton', 'vscode-server'),
    home: homedir(),
    env: { TMPDIR: tmpdir() },
    port: await freePort(),
  })
  report(texts.server, `  ${server.url({ openFile: server.uri(join(samples, 'README.md')) })}`)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => server.stop())
  await server.exited
  return true
}
