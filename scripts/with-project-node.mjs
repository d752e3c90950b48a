// Runs a script in the Node that the project is developed with, on a machine where nothing is installed yet:
//   node scripts/with-project-node.mjs SCRIPT [ARG…]
// It works with any Node from 18 on, and with nothing but node: modules, because it is what installs the others.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Does node_modules hold the versions of package-lock.json? By content: times change with every checkout. */
function isInstalled() {
  if (!existsSync(join(root, 'node_modules', '.package-lock.json'))) return false
  const packages = (file) => JSON.parse(readFileSync(join(root, file), 'utf8')).packages
  const present = packages('node_modules/.package-lock.json')
  return Object.entries(packages('package-lock.json')).every(
    ([path, { version, optional, devOptional }]) =>
      path === '' || optional || devOptional || present[path]?.version === version,
  )
}

function install() {
  console.log('npm ci')
  // Warnings about the machine's own Node are beside the point: everything runs in the project's.
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  const options = { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }
  // npm tells the scripts that it starts where it is: no guess about npm.cmd and shells.
  const cli = process.env.npm_execpath
  const { status } = cli
    ? spawnSync(process.execPath, [cli, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' })
  if (status !== 0) process.exit(status ?? 1)
}

if (!isInstalled()) install()
// A development dependency brings it, whatever the machine's own version is.
const own = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
const child = spawn(existsSync(own) ? own : process.execPath, process.argv.slice(2), { cwd: root, stdio: 'inherit' })
// The child ends in its own time, and this with it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('exit', (code) => process.exit(code ?? 1))
