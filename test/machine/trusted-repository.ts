import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordAct } from '../../src/machine/records/act.ts'
import { createRecordSigner } from '../../src/machine/records/signer.ts'
import { createRecordStore } from '../../src/machine/records/store.ts'
import { verifyTrust } from '../../src/machine/records/trust.ts'
import type { SigningProblem } from '../../src/record/signature.ts'
import type { TrustReport } from '../../src/record/trust.ts'

export const sato = 'k.sato@example.co.jp'
export const tanaka = 'tanaka@example.co.jp'

/** A git repo of its own for each test, with nothing of the person who runs the tests, and what the tests do with it. */
export function trustedRepository() {
  let folder = ''
  let root = ''
  const kept = { ...process.env }

  const git = (...args: string[]) =>
    execFileSync('git', ['-C', root, ...args], { encoding: 'utf8', stdio: 'pipe' }).trim()
  const keygen = (...args: string[]) => execFileSync('ssh-keygen', args, { encoding: 'utf8', stdio: 'pipe' })

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'baton-trust-')))
    for (const name of ['GIT_AUTHOR_NAME', 'GIT_AUTHOR_EMAIL', 'SSH_AUTH_SOCK']) delete process.env[name]
    process.env.GIT_CONFIG_GLOBAL = join(folder, 'gitconfig')
    process.env.GIT_CONFIG_NOSYSTEM = '1'
    root = repository('own', sato)
  })

  afterEach(() => {
    process.env = { ...kept }
    rmSync(folder, { recursive: true })
  })

  function configure(repo: string, email: string): void {
    const settings = { 'user.name': email.split('@')[0] ?? '', 'user.email': email, 'init.defaultBranch': 'main' }
    for (const [name, value] of Object.entries(settings)) execFileSync('git', ['-C', repo, 'config', name, value])
  }

  function repository(name: string, email: string): string {
    const path = join(folder, name)
    mkdirSync(path)
    execFileSync('git', ['-C', path, 'init', '-q', '-b', 'main'])
    configure(path, email)
    return path
  }

  /** An empty bare repo that `root` pushes to. */
  function remote(): string {
    const path = join(folder, 'remote.git')
    execFileSync('git', ['init', '-q', '--bare', '-b', 'main', path])
    git('remote', 'add', 'origin', path)
    return path
  }

  function clone(name: string, email: string, ...options: string[]): string {
    const path = join(folder, name)
    execFileSync('git', ['clone', '-q', ...options, `file://${join(folder, 'remote.git')}`, path], { stdio: 'pipe' })
    configure(path, email)
    return path
  }

  function commit(...paths: string[]): void {
    git('add', '-A', ...paths)
    git('commit', '-qm', 'Records')
  }

  const pushed = () => git('push', '-q', 'origin', 'HEAD:main')

  const problems: SigningProblem[] = []

  /** Records an act; the path of its record. */
  async function act(text: string, at = root): Promise<string> {
    const written: string[] = []
    problems.length = 0
    const signer = createRecordSigner((problem) => problems.push(problem))
    const onWritten = (path: string) => {
      written.push(path)
      signer.sign(at, path)
    }
    const store = createRecordStore({ root: at, onWritten })
    const note = { act: 'run-noted', about: { run: 'r', head: '0'.repeat(64) }, text } as const
    assert.equal(await recordAct(store, at, note, { origin: 'editor', version: '0' }), undefined)
    await signer.settled()
    return written[0] ?? ''
  }

  const verify = (at = root) => verifyTrust(createRecordStore({ root: at }), at)
  const anchorsOf = ({ records }: TrustReport) => records.map(({ anchor }) => anchor.kind)
  const signaturesOf = ({ records }: TrustReport) => records.map(({ signature }) => signature)
  const allWhole = ({ records, missing, deleted }: TrustReport) =>
    missing.length + deleted.length === 0 && records.every((record) => record.verification.kind === 'ok')

  return {
    folder: () => folder,
    root: () => root,
    git,
    keygen,
    remote,
    clone,
    commit,
    pushed,
    problems,
    act,
    verify,
    anchorsOf,
    signaturesOf,
    allWhole,
  }
}
