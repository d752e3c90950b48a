import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { environment } from '../cli/baton.ts'
import { type Language, sampleRoot } from './sample.ts'

/** A git repo of its own with the sample in it, and a cache folder, both removed by `remove`. */
export interface SampleCopy {
  readonly root: string
  /** The sample of one language. */
  readonly folder: string
  readonly cache: string
  remove(): void
}

export function copySample(language: Language): SampleCopy {
  const above = mkdtempSync(join(tmpdir(), 'baton-sample-'))
  const root = join(above, 'repo')
  cpSync(sampleRoot, root, { recursive: true })
  const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { env: environment(), stdio: 'ignore' })
  git('init', '-q')
  git('add', '-A')
  git('-c', 'user.name=Sato', '-c', 'user.email=s@example.com', 'commit', '-q', '-m', 'Runbooks')
  return {
    root,
    folder: join(root, language),
    cache: join(above, 'cache'),
    remove: () => rmSync(above, { recursive: true, force: true }),
  }
}

/** Programs that are not here, of those that the account runbooks need. */
export function missingLdapPrograms(): readonly string[] {
  const PATH = `${process.env.PATH}:/usr/local/sbin:/usr/sbin`
  const programs = ['slapd', 'slappasswd', 'ldapadd', 'ldapsearch', 'ldapwhoami']
  return programs.filter((name) => spawnSync('which', [name], { env: { ...process.env, PATH } }).status !== 0)
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}
