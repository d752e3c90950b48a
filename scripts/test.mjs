// Every layer of tests, one after the other; at the end what was skipped, what failed, and one line that counts all:
//   npm test                                 all layers
//   npm test -- unit machine                 some of them: check unit machine windows host ui
//   npm test -- unit machine --coverage      and what of src they reach, in coverage/
//   npm test -- host --electron              in a downloaded desktop VS Code in place of the server
// Exit code 1 when a test failed, or when a layer that belongs to this machine could not be run.
import { spawn } from 'node:child_process'
import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { closingLines } from '../test/support/closing-lines.ts'
import { filesToTryAgain, withSecondTry } from '../test/support/second-try.ts'
import { run } from './run.mjs'
import { installSystemPackages } from './system-packages.mjs'

const root = join(import.meta.dirname, '..')
process.chdir(root)

/** What hangs is ended after so long; the slowest layer takes some ten minutes on two cores. */
const longestMinutes = 25
/** A file of the workbench in which a test failed is run so many times more at most. */
const mostTriesAgain = 2

const layerNames = ['check', 'unit', 'machine', 'windows', 'host', 'ui']
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { coverage: { type: 'boolean', default: false }, electron: { type: 'boolean', default: false } },
})
const unknown = positionals.filter((name) => !layerNames.includes(name))
if (unknown.length > 0) {
  console.error(`No such layer: ${unknown.join(', ')}. There are: ${layerNames.join(', ')}.`)
  process.exit(2)
}
const wanted = layerNames.filter((name) => positionals.length === 0 || positionals.includes(name))

const { platform, arch, env, execPath: node } = process
const isLinuxWithWine = platform === 'linux' && arch === 'x64'
const hasServer = platform === 'linux' && (arch === 'x64' || arch === 'arm64')
const vsix = join(root, 'artifacts', 'baton.vsix')
const countsFile = join(root, 'artifacts', 'counts.json')
const coverage = join(root, 'coverage')

const bin = (name, file) => join(root, 'node_modules', name, file)
const mocha = (...args) => [
  bin('mocha', 'bin/mocha.js'),
  '--forbid-only',
  '--reporter',
  'test/support/counting-reporter.ts',
  ...args,
]
const mochaFiles = (pattern) => globSync(pattern).sort()

/** One command of a layer. Without `counts` it is itself one test, passed when it exits with 0. */
const check = (title, ...args) => ({ title, command: node, args })
const counted = (title, command, args, more = {}) => ({ title, command, args, counts: true, ...more })

function commandsOf(layer) {
  switch (layer) {
    case 'check':
      return [
        check('tsc', bin('typescript', 'bin/tsc'), '--noEmit'),
        check('biome', bin('@biomejs/biome', 'bin/biome'), 'check', '.'),
        check('knip', bin('knip', 'bin/knip.js')),
      ]
    case 'unit':
      return [counted('unit', node, mocha('--timeout', '10000', 'test/unit/**/*.test.ts'), { covered: true })]
    case 'machine':
      return [
        counted('machine', node, mocha('--timeout', '60000', 'test/machine/**/*.test.ts'), {
          covered: true,
          // What is shipped, which also starts several times as fast; coverage can only tell of the source.
          env: options.coverage ? {} : { BATON_CLI: 'dist/cli.cjs' },
        }),
      ]
    case 'windows': {
      // In one run: each start of Wine costs seconds.
      const args = mocha('--timeout', '60000', ...mochaFiles('test/windows/**/*.test.ts'))
      if (platform === 'win32') return [counted('windows', node, args)]
      return [counted('windows', 'bash', ['test/support/windows.sh', 'node', ...args])]
    }
    case 'host':
      return ['1.110', '1.139'].flatMap((release) =>
        ['en', 'ja'].map((locale) => {
          const electron = options.electron || !hasServer ? ['--electron'] : []
          const args = ['test/support/vscode/host.ts', '--release', release, '--locale', locale, ...electron]
          return counted(`host ${release} ${locale}`, node, args)
        }),
      )
    case 'ui': {
      const args = (...files) => mocha('--timeout', '120000', '--slow', '20000', '--retries', '1', ...files)
      return ['en', 'ja'].map((locale) =>
        counted(`ui ${locale}`, node, args('test/ui/**/*.test.ts'), {
          env: { UI_LOCALE: locale, UI_EXTENSION: vsix },
          // A browser and an editor on a busy machine: what fails once is told, what fails each time is a failure.
          again: args,
        }),
      )
    }
  }
}

function absent(layer) {
  if (layer === 'windows' && platform !== 'win32' && !isLinuxWithWine) return 'needs Windows, or Wine on Linux x64'
  if (layer === 'ui' && !hasServer) return 'needs the VS Code server, which is there for Linux'
  return undefined
}

/** What a layer needs built; false when that failed. */
function prepare(layer) {
  if (layer === 'machine') return run(node, ['esbuild.mjs']) === 0
  if (layer === 'host') return run(node, ['esbuild.mjs']) === 0 && run(node, ['esbuild.mjs', '--tests']) === 0
  if (layer === 'ui') return run(node, ['scripts/package.mjs', '--out', vsix]) === 0
  return true
}

let current
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    endGroup(current)
    process.exit(130)
  })
}

function endGroup(child) {
  if (!child?.pid) return
  try {
    if (platform === 'win32') child.kill()
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It is gone already.
  }
}

/** The exit code, or null when the command was ended because it took too long. */
async function spawned({ command, args, env: more, covered }, minutes) {
  const v8 = options.coverage && covered ? { NODE_V8_COVERAGE: join(coverage, 'tmp') } : {}
  const child = spawn(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: platform !== 'win32',
    env: { ...env, ...v8, ...more, TEST_COUNTS_FILE: countsFile },
  })
  current = child
  const tooLong = setTimeout(() => endGroup(child), minutes * 60_000)
  const code = await new Promise((done) => {
    child.once('exit', done)
    child.once('error', (error) => {
      console.error(error.message)
      done(1)
    })
  })
  clearTimeout(tooLong)
  // What a test left behind must not disturb the next layer.
  endGroup(child)
  current = undefined
  return code
}

const nothing = { passed: 0, passedIn: {}, failed: 0, skipped: [], failures: [], retried: [] }

async function result(command) {
  console.log(`\n── ${command.title} ${'─'.repeat(Math.max(0, 100 - command.title.length))}`)
  const started = Date.now()
  let counts = await outcome(command)
  for (let tries = 0; command.again && counts.failed > 0 && tries < mostTriesAgain; tries++) {
    const files = filesToTryAgain(counts)
    if (files.length > 0) counts = await triedAgain(command, counts, files)
  }
  return { title: command.title, ...counts, seconds: (Date.now() - started) / 1000 }
}

async function triedAgain(command, before, files) {
  console.log(`\n${command.title}: once more, as ${before.failed} failed: ${files.join(', ')}\n`)
  return withSecondTry(before, await outcome({ ...command, args: command.again(...files) }))
}

/** What one run of a command came to, as counts. */
async function outcome(command) {
  rmSync(countsFile, { force: true })
  const code = await spawned(command, longestMinutes)
  if (!command.counts) {
    if (code === 0) return { ...nothing, passed: 1 }
    return failed(nothing, command.title, `ended with ${code}; its output is above`)
  }
  const problem = code === null ? `ended after ${longestMinutes} minutes` : `ended with ${code}`
  if (!existsSync(countsFile)) return failed(nothing, command.title, `no result: ${problem}`)
  const counts = JSON.parse(readFileSync(countsFile, 'utf8'))
  // It passed every test and still did not end well, or it did not come to its end: that is a failure too.
  if (!counts.complete) return failed(counts, command.title, `cut off: ${problem}`)
  return code !== 0 && counts.failed === 0 ? failed(counts, command.title, problem) : counts
}

/** A result with one more failure, which is no test's: that of a whole command. */
function failed(result, title, problem) {
  const failures = [...result.failures, { title, error: problem }]
  return { ...result, failed: result.failed + 1, failures, problem }
}

const results = []
mkdirSync('artifacts', { recursive: true })
rmSync(coverage, { recursive: true, force: true })
const here = wanted.filter((layer) => !absent(layer))
installSystemPackages(here)
for (const layer of wanted) {
  const reason = absent(layer)
  if (reason) {
    console.log(`\n${layer}: not on this machine (${reason})`)
    continue
  }
  if (!prepare(layer)) {
    results.push({ title: layer, seconds: 0, ...failed(nothing, layer, 'could not be built') })
    continue
  }
  for (const command of commandsOf(layer)) results.push(await result(command))
}
rmSync(countsFile, { force: true })
if (options.coverage) {
  const reports = [
    '--temp-directory',
    join(coverage, 'tmp'),
    '--include',
    'src/**',
    '--reporter',
    'text',
    '--reporter',
    'html',
  ]
  run(node, [bin('c8', 'bin/c8.js'), 'report', ...reports])
}

for (const line of closingLines(results)) console.log(line)
process.exit(results.some((result) => result.failed > 0) ? 1 : 0)
