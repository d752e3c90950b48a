import { createRequire } from 'node:module'
import { join } from 'node:path'

/** The functions of keytar's native module that Baton calls. `findCredentials` crashes on a locked keyring. */
export interface Keytar {
  /** Null when there is no such entry, and also when it is locked. */
  getPassword(service: string, account: string): Promise<string | null>
  setPassword(service: string, account: string, password: string): Promise<void>
  /** False when there was nothing to delete, and also when it is locked. */
  deletePassword(service: string, account: string): Promise<boolean>
}

/**
 * Loads keytar's native module from a folder that holds its `prebuilds`. keytar's own loader knows no musl: on Alpine
 * it takes the build for glibc, although the package holds one for musl.
 *
 * @throws The loader's error when no build fits or one of its libraries (libsecret) is missing.
 */
export function loadKeytar(folder: string): Keytar {
  const require = createRequire(join(folder, 'index.js'))
  return require(join(folder, 'prebuilds', prebuildName(), 'keytar.node'))
}

function prebuildName(): string {
  const platform = process.platform === 'linux' && isMusl() ? 'linuxmusl' : process.platform
  return `${platform}-${process.arch}`
}

function isMusl(): boolean {
  if (!process.report) return false
  // The report would look up the names of open connections otherwise, which can take seconds.
  Object.assign(process.report, { excludeNetwork: true })
  const report: { header?: { glibcVersionRuntime?: string } } = process.report.getReport()
  return report.header?.glibcVersionRuntime === undefined
}
