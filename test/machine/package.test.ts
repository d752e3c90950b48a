import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

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

  before(function () {
    this.timeout(120_000)
    folder = mkdtempSync(join(tmpdir(), 'baton-package-'))
    vsix = join(folder, 'baton.vsix')
    execFileSync(process.execPath, ['scripts/package.mjs', '--out', vsix], { cwd: root })
    files = filesOf(vsix)
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

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

  it('holds every bundle and nothing else that is built', () => {
    const built = inside('extension/dist/').filter((name) => !name.startsWith('keytar/'))
    const scripts = readdirSync(join(root, 'src/machine/shells')).filter((name) => name.endsWith('.ps1'))
    const bundles = ['cli.cjs', 'extension.cjs', 'keychain-helper.cjs', 'machine.cjs', 'parse-worker.cjs']
    const grammars = ['tree-sitter-powershell.wasm', 'web-tree-sitter.wasm']
    assert.deepEqual(built.toSorted(), [...bundles, ...scripts, ...grammars].toSorted())
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
    assert.ok(statSync(vsix).size < 3 * 1024 * 1024, `${statSync(vsix).size} bytes`)
  })
})
