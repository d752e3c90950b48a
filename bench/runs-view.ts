// The view Runs over many records in a real workbench: how long until it shows them, without a cache and with one, and for how
// long the extension host was held up meanwhile, which every other extension feels. The host is asked by its inspector.
// `node bench/runs-view.ts [RECORDS]` exits with 1 when the host computed for more than 50 ms in one piece. Of the time in which it
// did nothing else that leaves out what it waited for a processor, which VS Code's own processes want, too, and the collection of
// garbage, which is that of all extensions; the whole is shown beside it. The times hold what VS Code takes to draw; those of the
// lists alone are in `bench/history.ts`. The start of the extension, which any Markdown file brings about, is told by itself.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { openBaton } from '../test/support/ui/baton-window.ts'
import { openBatonViews, openFile } from '../test/support/ui/gestures.ts'
import { manifestText } from '../test/support/ui/texts.ts'
import { runCommand } from '../test/support/vscode/workbench.ts'
import { writeManyRecords } from './many-records.ts'

const records = Number(process.argv[2] ?? 100_000)
/** Milliseconds. */
const limit = 50
/** Where Node listens for a debugger once it is sent SIGUSR1. */
const inspector = 'http://127.0.0.1:9229/json/list'

/** Runs an expression in the extension host, which is started anew with each window. */
async function inHost(expression: string): Promise<unknown> {
  const targets: unknown = await (await fetch(inspector)).json()
  const url = Array.isArray(targets) ? String(targets[0].webSocketDebuggerUrl) : ''
  const socket = new WebSocket(url)
  await new Promise((open) => socket.addEventListener('open', open, { once: true }))
  const answer = new Promise<string>((done) => {
    socket.addEventListener('message', ({ data }) => done(String(data)), { once: true })
  })
  socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression, returnByValue: true } }))
  const { result } = JSON.parse(await answer)
  socket.close()
  return result.result.value
}

/** The newest extension host of a server. */
function hostProcess(serverDir: string): number {
  const hosts = readdirSync('/proc').filter((name) => {
    try {
      const says = (what: string, text: string) => readFileSync(`/proc/${name}/${what}`, 'utf8').includes(text)
      return /^\d+$/.test(name) && says('cmdline', '--type=extensionHost') && says('environ', serverDir)
    } catch {
      return false
    }
  })
  return Math.max(...hosts.map(Number))
}

/** Of the stretches in which the host did nothing else: the longest, the most that it computed in one, and the most that it collected garbage. */
interface HeldUp {
  readonly wall: number
  readonly computed: number
  readonly collected: number
}

/** Looked at in the host every two milliseconds, which are counted as well. */
const startWatching = `
  const { PerformanceObserver } = process.getBuiltinModule('node:perf_hooks')
  const now = () => ({ time: performance.now(), cpu: process.threadCpuUsage() })
  let last = now()
  globalThis.heldUp = { stretches: [], collections: [] }
  new PerformanceObserver((list) => heldUp.collections.push(...list.getEntries())).observe({ entryTypes: ['gc'] })
  setInterval(() => {
    const { time, cpu } = now()
    const used = (cpu.user + cpu.system - last.cpu.user - last.cpu.system) / 1000
    if (time - last.time > 5) heldUp.stretches.push({ begin: last.time, end: time, used })
    last = { time, cpu }
  }, 2)`

const sinceLastAsked = `
  const { stretches, collections } = heldUp
  const overlap = (a, { startTime, duration }) => Math.min(a.end, startTime + duration) - Math.max(a.begin, startTime)
  const longest = stretches.map((stretch) => {
    const wall = stretch.end - stretch.begin
    const collected = collections.reduce((sum, one) => sum + Math.max(0, overlap(stretch, one)), 0)
    return { wall, computed: Math.min(stretch.used, wall - collected), collected }
  })
  heldUp.stretches = []
  heldUp.collections = []
  const most = (key) => Math.max(0, ...longest.map((one) => one[key]))
  return JSON.stringify({ wall: most('wall'), computed: most('computed'), collected: most('collected') })`

async function heldUp(): Promise<HeldUp> {
  return JSON.parse(String(await inHost(`(() => {${sinceLastAsked}})()`)))
}

async function watchHost(serverDir: string, before: number): Promise<number> {
  for (;;) {
    const pid = hostProcess(serverDir)
    if (Number.isFinite(pid) && pid !== before) {
      process.kill(pid, 'SIGUSR1')
      for (let isOpen = false; !isOpen; ) {
        await new Promise((done) => setTimeout(done, 1000))
        isOpen = await fetch(inspector).then(
          () => true,
          () => false,
        )
      }
      await inHost(`(() => {${startWatching}})()`)
      return pid
    }
    await new Promise((done) => setTimeout(done, 200))
  }
}

/** Waits until the window has started: what VS Code and its own extensions do for that holds the host up, too. */
async function quietHost(): Promise<void> {
  for (let quiet = 0, seconds = 0; quiet < 3 && seconds < 60; seconds += 1) {
    await heldUp()
    await new Promise((done) => setTimeout(done, 1000))
    quiet = (await heldUp()).wall < 20 ? quiet + 1 : 0
  }
}

/** From the click that shows the views to the first runs. */
async function shown(page: Page, screenshot: () => Promise<void>): Promise<HeldUp & { readonly seconds: number }> {
  const pane = page.locator('.pane', { has: page.locator('.pane-header', { hasText: manifestText('view.runs') }) })
  await quietHost()
  await heldUp()
  const start = performance.now()
  await openBatonViews(page)
  await Promise.race([pane.locator('.monaco-list-row').first().waitFor({ timeout: 120_000 }), screenshot()])
  await pane.locator('.monaco-list-row').first().waitFor({ timeout: 120_000 })
  const seconds = (performance.now() - start) / 1000
  // What is still done once the runs are there is felt, too.
  await page.waitForTimeout(3000)
  return { seconds, ...(await heldUp()) }
}

const root = mkdtempSync(join(tmpdir(), 'baton-bench-'))
try {
  writeManyRecords(root, records)
  // Committed, as records are: VS Code's own Git extension holds the host up for a second over ten thousand new files.
  writeFileSync(join(root, 'README.md'), '# Records\n')
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', root, '-c', 'user.name=Bench', '-c', 'user.email=bench@example.com', ...args])
  git('init', '-q')
  git('add', '.')
  git('-c', 'gc.auto=0', 'commit', '-q', '-m', 'Records')
  // Packed, as over the years: git would begin with that now, in the background.
  git('-c', 'pack.window=0', 'gc', '-q')
  // The system would still write all of it while the view is opened.
  execFileSync('sync')
  const baton = await openBaton({ inPlace: root, git: false, size: { width: 1200, height: 900 } })
  try {
    const { page } = baton
    await page.locator('.monaco-workbench').waitFor()
    const first = await watchHost(baton.server.dir, 0)
    await quietHost()
    await heldUp()
    await openFile(page, 'README.md')
    await page.waitForTimeout(3000)
    const start = await heldUp()
    const cold = await shown(page, async () => {
      await page.waitForTimeout(1500)
      await baton.screenshot('many-runs-progress')
    })
    await baton.screenshot('many-runs')
    // Time for what was read to be kept.
    await page.waitForTimeout(5000)
    await runCommand(page, 'View: Show Explorer')
    await Promise.all([page.waitForEvent('load', { timeout: 90_000 }), runCommand(page, 'Developer: Reload Window')])
    await page.locator('.monaco-workbench').waitFor()
    await watchHost(baton.server.dir, first)
    const warm = await shown(page, async () => {})
    await baton.screenshot('many-runs-warm')
    const inWords = ({ wall, computed, collected }: HeldUp) =>
      `the host computed for ${computed.toFixed(0)} ms in one piece, collected garbage for ${collected.toFixed(0)} ms, and was held up for ${wall.toFixed(0)} ms`
    const line = (what: string, one: HeldUp & { readonly seconds: number }) =>
      console.log(`${what}  ${one.seconds.toFixed(2)} s, ${inWords(one)}  (at most ${limit} ms of computing)`)
    console.log(`${records} records in the view Runs`)
    console.log(`a Markdown file is opened, which starts extensions, Baton too: ${inWords(start)}`)
    line('without a cache', cold)
    line('with a cache   ', warm)
    if (Math.max(cold.computed, warm.computed) > limit) process.exitCode = 1
  } finally {
    await baton.close()
  }
} finally {
  rmSync(root, { recursive: true, force: true })
}
