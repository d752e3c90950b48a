// The pseudo-terminal's native parts, which npm installs for the own platform alone: put into dist/node_modules, where the
// library looks for them.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const library = '@lydell/node-pty'
const target = join('dist', 'node_modules')
const cache = join('node_modules', '.cache', 'terminal-binaries')

/** Everything but what only a debugger or a compiler reads. */
const copy = (from, name) => {
  const to = join(target, name)
  rmSync(to, { recursive: true, force: true })
  cpSync(from, to, { recursive: true, filter: (path) => !/\.(pdb|d\.ts)$/.test(path) })
  // What starts programs on macOS; a package may lose the bit on its way.
  const helper = join(to, 'spawn-helper')
  if (existsSync(helper)) chmodSync(helper, 0o755)
}

/** The library, and the native part for this platform where there is one. */
export function copyOwnTerminalBinaries() {
  rmSync(join(target, '@lydell'), { recursive: true, force: true })
  copy(join('node_modules', library), library)
  const own = `${library}-${process.platform}-${process.arch}`
  if (existsSync(join('node_modules', own))) copy(join('node_modules', own), own)
}

/**
 * Adds the native parts of all other platforms: from the cache, or fetched by npm. What is not byte for byte what the lock
 * file names is not taken.
 * @returns the platforms for which there is none
 */
export function addAllTerminalBinaries() {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
  const missing = []
  for (const [place, { version, integrity }] of Object.entries(packages)) {
    if (!place.startsWith(`node_modules/${library}-`)) continue
    const name = place.slice('node_modules/'.length)
    if (existsSync(join(target, name))) continue
    const folder = fetched(name, version, integrity)
    if (folder) copy(folder, name)
    else missing.push(name.slice(library.length + 1))
  }
  return missing
}

const matches = (file, integrity) => {
  const [algorithm, expected] = integrity.split(/-(.*)/)
  return createHash(algorithm).update(readFileSync(file)).digest('base64') === expected
}

/** The folder with a package's files; undefined where it cannot be had. */
function fetched(name, version, integrity) {
  mkdirSync(cache, { recursive: true })
  const archive = join(cache, `${name.replaceAll(/[@/]/g, '_')}-${version}.tgz`)
  if (!existsSync(archive) || !matches(archive, integrity)) {
    const windows = process.platform === 'win32'
    const pack = ['pack', `${name}@${version}`, '--silent', '--pack-destination', cache]
    const { status, stdout } = spawnSync(windows ? 'npm.cmd' : 'npm', pack, { encoding: 'utf8', shell: windows })
    const file = stdout?.trim().split('\n').at(-1)
    if (status !== 0 || !file || !existsSync(join(cache, file))) return undefined
    if (!matches(join(cache, file), integrity)) throw new Error(`${name} is not what package-lock.json names`)
    cpSync(join(cache, file), archive)
    rmSync(join(cache, file))
  }
  const folder = mkdtempSync(join(cache, 'unpacked-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const { status } = spawnSync('tar', ['-xzf', archive, '-C', folder, '--strip-components=1'])
  return status === 0 ? folder : undefined
}
