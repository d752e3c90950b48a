import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { needs } from '../support/needs.ts'

const root = join(import.meta.dirname, '..', '..')

/** Debian has unzip, and its tar reads no zip; the tar of Windows and macOS does. */
function filesOf(zip: string): readonly string[] {
  const [command, args] = process.platform === 'linux' ? ['unzip', ['-Z1', zip]] : ['tar', ['-tf', zip]]
  const list = execFileSync(command as string, args as string[], { encoding: 'utf8' })
  return list.split(/\r?\n/).filter((name) => name !== '' && !name.endsWith('/'))
}

describe('the package', () => {
  let folder: string
  let vsix: string
  let files: readonly string[]
  let said: string

  before(function () {
    this.timeout(120_000)
    folder = mkdtempSync(join(tmpdir(), 'baton-package-'))
    vsix = join(folder, 'baton.vsix')
    said = execFileSync(process.execPath, ['scripts/package.mjs', '--out', vsix], { cwd: root, encoding: 'utf8' })
    files = filesOf(vsix)
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  const isLinux = process.platform === 'linux'
  const whyNotAll = () =>
    said.includes('npm could not be reached') ? 'npm could not be reached for the other platforms' : undefined

  const inside = (prefix: string) =>
    files.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length))

  it('holds the keychain binary of every platform', () => {
    const prebuilds = inside('extension/dist/keytar/prebuilds/')
    assert.deepEqual(prebuilds.toSorted(), [
      'darwin-arm64/keytar.node',
      'darwin-x64/keytar.node',
      'linux-arm/keytar.node',
      'linux-arm64/keytar.node',
      'linux-armv7l/keytar.node',
      'linux-ia32/keytar.node',
      'linux-x64/keytar.node',
      'linuxmusl-arm/keytar.node',
      'linuxmusl-arm64/keytar.node',
      'linuxmusl-x64/keytar.node',
      'win32-arm64/keytar.node',
      'win32-ia32/keytar.node',
      'win32-x64/keytar.node',
    ])
  })

  it('holds the terminal of every platform', function () {
    const parts = inside('extension/dist/node_modules/@lydell/')
    assert.ok(parts.includes('node-pty/index.js'))
    assert.ok(parts.includes('node-pty/worker/conoutSocketWorker.js'))
    assert.ok(parts.includes(`node-pty-${process.platform}-${process.arch}/package.json`))
    assert.deepEqual(
      parts.filter((name) => name.endsWith('.pdb')),
      [],
    )
    needs(this, whyNotAll())
    assert.deepEqual(parts.filter((name) => name.endsWith('.node') || name.endsWith('spawn-helper')).toSorted(), [
      'node-pty-darwin-arm64/pty.node',
      'node-pty-darwin-arm64/spawn-helper',
      'node-pty-darwin-x64/pty.node',
      'node-pty-darwin-x64/spawn-helper',
      'node-pty-linux-arm64/pty.node',
      'node-pty-linux-x64/pty.node',
      'node-pty-win32-arm64/conpty.node',
      'node-pty-win32-arm64/conpty_console_list.node',
      'node-pty-win32-x64/conpty.node',
      'node-pty-win32-x64/conpty_console_list.node',
    ])
  })

  it('lets what starts programs on macOS be run', function () {
    needs(this, isLinux ? undefined : 'reads the archive with the unzip of a Linux')
    needs(this, whyNotAll())
    const list = execFileSync('unzip', ['-Z', vsix], { encoding: 'utf8' })
    const helpers = list.split('\n').filter((line) => line.endsWith('/spawn-helper'))
    assert.equal(helpers.length, 2)
    for (const helper of helpers) assert.match(helper, /^-rwxr-xr-x/)
  })

  it('runs an interactive step with its own terminal', async function () {
    needs(this, isLinux ? undefined : 'reads the archive with the unzip of a Linux')
    execFileSync('unzip', ['-q', vsix, 'extension/dist/*', '-d', folder])
    const runbook = join(folder, 'ask.md')
    writeFileSync(runbook, '# Ask\n\n```bash {interactive=true}\ntty && echo fine\n```\n')
    const cli = join(folder, 'extension/dist/cli.cjs')
    const env = { ...process.env, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder, XDG_STATE_HOME: folder }
    const command = `"${process.execPath}" "${cli}" run "${runbook}" --yes`
    // The command line gives a step its terminal only where it has one itself.
    const output = execFileSync('script', ['-qec', command, '/dev/null'], { cwd: folder, encoding: 'utf8', env })
    assert.match(output, /\/dev\/pts\/\d+\s+fine/)
  })

  it('holds every bundle and nothing else that is built', () => {
    const built = inside('extension/dist/').filter((name) => !/^(keytar|node_modules)\//.test(name))
    const scripts = readdirSync(join(root, 'src/machine/shells')).filter((name) => name.endsWith('.ps1'))
    const bundles = [
      'batch.cjs',
      'cli.cjs',
      'comparison-page.cjs',
      'runs-filter-input.cjs',
      'credentials.cjs',
      'expected-output.cjs',
      'extension.cjs',
      'guide-panel.cjs',
      'keychain-helper.cjs',
      'machine.cjs',
      'drift-list.cjs',
      'new-runbook.cjs',
      'note-run.cjs',
      'parse-worker.cjs',
      'powershell-grammar.cjs',
      'run.cjs',
      'runbook-reader.cjs',
      'replay-panel.cjs',
      'secret-transfer.cjs',
      'record-keeping.cjs',
      'team-settings-reader.cjs',
      'terminal-screen.cjs',
      'record-worker.cjs',
      'record-markdown.cjs',
      'verify-records.cjs',
      'transfer-worker.cjs',
      'watchdog.cjs',
    ]
    const grammars = ['tree-sitter-powershell.wasm', 'web-tree-sitter.wasm']
    const notices = 'THIRD-PARTY-NOTICES.txt'
    const panels = ['follow', 'guide', 'replay'].flatMap((panel) => [`webview/${panel}.css`, `webview/${panel}.js`])
    assert.deepEqual(built.toSorted(), [...bundles, ...scripts, ...grammars, notices, ...panels].toSorted())
  })

  it('says whose work it holds, under which licence', () => {
    const notices = readFileSync(join(root, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8')
    for (const library of [
      'yaml',
      'execa',
      'age-encryption',
      '@github/keytar',
      '@lydell/node-pty',
      'web-tree-sitter',
    ]) {
      assert.match(
        notices,
        new RegExp(`^-{80}\\n${library} \\d[\\w.-]*: (MIT|ISC|Apache-2\\.0|BSD-3-Clause)\\n`, 'm'),
        library,
      )
    }
    assert.doesNotMatch(notices, /GNU (Lesser |Affero )?General Public License/i)
  })

  it('holds what people read, in both languages', () => {
    const texts = [
      'readme.md',
      'README.ja.md',
      'changelog.md',
      'LICENSE.txt',
      'package.nls.json',
      'package.nls.ja.json',
    ]
    const missing = texts.filter((name) => !files.includes(`extension/${name}`))
    assert.deepEqual(missing, [])
    assert.ok(files.includes('extension/l10n/bundle.l10n.ja.json'))
    for (const language of ['en', 'ja']) {
      const runbooks = inside(`extension/runbooks-sample/${language}/`).filter((name) => name.endsWith('.md'))
      assert.ok(runbooks.length >= 8, `the samples in ${language}: ${runbooks}`)
    }
  })

  it('holds no source, no source map, no record and no test', () => {
    const known = ['dist', 'l10n', 'media', 'runbooks-sample']
    const folders = new Set(inside('extension/').flatMap((name) => (name.includes('/') ? [name.split('/')[0]] : [])))
    assert.deepEqual([...folders].toSorted(), known)
    const unwanted = files.filter((name) => /\.(ts|map|jsonl|tsbuildinfo)$|\.baton\/runs\//.test(name))
    assert.deepEqual(unwanted, [])
  })

  it('is small enough for a slow line', () => {
    assert.ok(statSync(vsix).size < 4 * 1024 * 1024, `${statSync(vsix).size} bytes`)
  })
})
