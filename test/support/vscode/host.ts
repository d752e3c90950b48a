// Runs the tests of dist/test inside a real extension host; exit code 0: passed, 1: failed, 2: could not be run to the end.
//   node test/support/vscode/host.ts [--release 1.110] [--locale ja] [--timeout SECONDS] [--electron [VERSION]]
// With --electron VS Code comes from @vscode/test-electron (a download), else it is the VS Code server in Chromium.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { runTests } from '@vscode/test-electron'
import { hasServerFor, newest, type Release } from './install.ts'
import { startServer } from './server.ts'
import { openWorkbench, type Workbench } from './workbench.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const tests = join(root, 'dist', 'test', 'index.cjs')
const workspace = join(root, 'test', 'host', 'workspace')
const mark = 'test-output:'

const { values: options } = parseArgs({
  options: {
    release: { type: 'string', default: newest },
    locale: { type: 'string', default: 'en' },
    timeout: { type: 'string', default: '300' },
    electron: { type: 'boolean', default: false },
  },
})

type LogFile = { readonly relativePath: string; readonly contents: string }
type Result = { readonly code: number; readonly problem?: string }

if (options.electron) {
  process.exitCode = await runInElectron()
} else {
  const release = options.release as Release
  if (!hasServerFor(release)) throw new Error(`no VS Code ${release} server for this machine: use --electron`)
  process.exitCode = await runInServer(release)
}
process.exit()

async function runInElectron(): Promise<number> {
  return runTests({
    version: options.release === newest ? 'stable' : `${options.release}.0`,
    extensionDevelopmentPath: root,
    extensionTestsPath: tests,
    launchArgs: [workspace, '--locale', options.locale, '--disable-extensions', '--disable-workspace-trust'],
    extensionTestsEnv: { ...process.env, TEST_LOCALE: options.locale },
  })
}

async function runInServer(release: Release): Promise<number> {
  const env = { TEST_OUTPUT_MARK: mark, TEST_LOCALE: options.locale }
  // Without the smoke test driver a release build ignores extensionTestsPath.
  const args = ['--enable-smoke-test-driver']
  const server = await startServer({ release, folders: [workspace], locale: options.locale, env, args })
  let workbench: Workbench | undefined
  let completed = false
  let logs: readonly LogFile[] = []
  const errors: string[] = []
  const { promise: finished, resolve: finish } = Promise.withResolvers<Result>()
  server.exited.then((code) => finish({ code: 2, problem: `the VS Code server ended with ${code}` }))
  const seconds = Number(options.timeout)
  setTimeout(() => finish({ code: 2, problem: `no result within ${seconds} s` }), seconds * 1000)

  const onLog = (type: string, [text]: readonly unknown[]) => {
    if (typeof text !== 'string') return
    if (type === 'error') errors.push(text)
    if (!text.startsWith(mark)) return
    const line = text.slice(mark.length)
    completed ||= /^\d+ passed, \d+ failed/.test(line)
    process.stdout.write(line)
  }
  const onExit = (code: number, files: readonly LogFile[]) => {
    logs = files
    // VS Code also gives 0 when the extension host was killed.
    finish(code || completed ? { code } : { code: 2, problem: 'the extension host ended before its tests did' })
  }

  let result: Result
  try {
    workbench = await openWorkbench(server, {
      payload: {
        extensionDevelopmentPath: server.uri(root),
        extensionTestsPath: server.uri(tests),
        skipWelcome: 'true',
      },
      expose: { codeAutomationLog: onLog, codeAutomationExit: onExit },
    })
    workbench.page.on('crash', () => finish({ code: 2, problem: 'the browser page crashed' }))
    result = await finished
  } catch (error) {
    result = { code: 2, problem: String(error) }
  }
  if (!completed) console.error(errors.join('\n'))
  if (result.problem) console.error(result.problem)
  if (result.code) await keepTraces(workbench, server.log(), logs, `host-${release}-${options.locale}`)
  await workbench?.browser.close()
  await server.stop()
  return result.code
}

async function keepTraces(workbench: Workbench | undefined, log: string, logs: readonly LogFile[], name: string) {
  const folder = join(root, 'artifacts', name)
  mkdirSync(folder, { recursive: true })
  await workbench?.page.screenshot({ path: join(folder, 'workbench.png') }).catch(console.error)
  writeFileSync(join(folder, 'server.log'), log)
  for (const { relativePath, contents } of logs) {
    const path = join(folder, 'logs', relativePath)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, contents)
  }
  console.error(`screenshot and logs: artifacts/${name}`)
}
