/**
 * Verifying a store of records against `sha256sum` over the same files, as a ratio; and what recording and syncing a step
 * that does nothing costs, beside a bare spawn of `bash -c :`, both as medians on the disk of the current folder; and 1 GiB of
 * output on its way into a record, against decoding and hashing the same bytes, with the memory that it takes.
 *
 *   node bench/record.ts
 */
import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { thisHost } from '../src/machine/host.ts'
import { createRecordStore } from '../src/machine/records/store.ts'
import { createRecorder } from '../src/record/recorder.ts'

const STEPS = 100
const RECORDS = 1000
const BIG_OUTPUT = 256 * 1024 * 1024
const HUGE_OUTPUT = 1024 * 1024 * 1024

mkdirSync('artifacts', { recursive: true })
const root = mkdtempSync(join('artifacts', 'bench-record-'))
const runbook = { path: 'a.md', title: 'A', sha256: '' }
const run = { id: 'x', runbook, operator: { name: 'x' }, host: thisHost(), parameters: {}, secrets: [] } as const
const counts = { succeeded: STEPS, failed: 0, skipped: 0, cancelled: 0, 'timed-out': 0 } as const
const description = { ...run, origin: 'editor', version: '0' } as const

/** Records a run, and gives the milliseconds that each step cost. */
async function recordRun(
  folder: string,
  id: string,
  steps: number,
  output: Iterable<string>,
  outputLimit?: number,
): Promise<number[]> {
  const created = await createRecordStore({ root: folder }).create({ id, operator: 'x', time: 0 })
  if (created.kind === 'failed') throw new Error(created.reason)
  const { handle } = createRecorder(created.file, { parents: [], ...(outputLimit !== undefined && { outputLimit }) })
  await handle({ type: 'run-started', time: 0, run: description })
  const costs: number[] = []
  for (let execution = 1; execution <= steps; execution += 1) {
    const step = { id: `s${execution}`, kind: 'command', title: 'S', line: 1, shell: 'bash', text: ':' } as const
    const begin = performance.now()
    await handle({ type: 'step-started', time: 0, execution, step })
    for (const text of output) await handle({ type: 'output', time: 1, execution, text })
    await handle({ type: 'step-ended', time: 2, execution, stepId: step.id, outcome: 'succeeded', durationMs: 2 })
    costs.push(performance.now() - begin)
  }
  await handle({ type: 'run-ended', time: 3, outcome: 'succeeded', counts })
  return costs
}

async function spawnCosts(): Promise<number[]> {
  const costs: number[] = []
  for (let index = 0; index < STEPS; index += 1) {
    const begin = performance.now()
    await once(spawn('bash', ['-c', ':'], { stdio: ['ignore', 'pipe', 'pipe'] }), 'close')
    costs.push(performance.now() - begin)
  }
  return costs
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

async function secondsOf(work: () => unknown): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < 3; round += 1) {
    const begin = performance.now()
    await work()
    times.push((performance.now() - begin) / 1000)
  }
  return Math.min(...times)
}

async function compare(name: string, folder: string): Promise<void> {
  const verify = await secondsOf(() => createRecordStore({ root: folder }).verify())
  const sum = await secondsOf(() =>
    execFileSync('bash', ['-c', 'find . -name "*.jsonl" -print0 | xargs -0 sha256sum'], {
      cwd: folder,
      stdio: 'ignore',
    }),
  )
  console.log(
    `${name}: verify ${verify.toFixed(2)} s, sha256sum ${sum.toFixed(2)} s, ratio ${(verify / sum).toFixed(2)}`,
  )
}

try {
  const step = median(await recordRun(join(root, 'steps'), 'steps', STEPS, []))
  const bare = median(await spawnCosts())
  console.log(
    `a recorded, synced no-op step: ${step.toFixed(2)} ms; bash -c :: ${bare.toFixed(2)} ms; ratio ${(step / bare).toFixed(2)}`,
  )

  const begin = performance.now()
  const piece = 'Setting up a package (42.1+b2) in /usr/share/somewhere ...\n'.repeat(1092)
  await recordRun(
    join(root, 'big'),
    'big',
    1,
    Array.from({ length: BIG_OUTPUT / piece.length }, () => piece),
    Number.POSITIVE_INFINITY,
  )
  console.log(`recording output: ${(BIG_OUTPUT / 1e3 / (performance.now() - begin)).toFixed(0)} MB/s`)
  await compare('one record of 256 MiB', join(root, 'big'))

  const chunk = Buffer.from(piece)
  const chunks = Math.floor(HUGE_OUTPUT / chunk.length)
  const floor = await secondsOf(() => {
    const hash = createHash('sha256')
    const decoder = new TextDecoder()
    for (let index = 0; index < chunks; index += 1) {
      decoder.decode(chunk, { stream: true })
      hash.update(chunk)
    }
    return hash.digest()
  })
  let peak = 0
  function* decoded(): Iterable<string> {
    const decoder = new TextDecoder()
    for (let index = 0; index < chunks; index += 1) {
      if (index % 100 === 0) peak = Math.max(peak, process.memoryUsage.rss())
      yield decoder.decode(chunk, { stream: true })
    }
  }
  const before = process.memoryUsage.rss()
  let round = 0
  const recorded = await secondsOf(() => recordRun(join(root, 'huge'), `huge${round++}`, 1, decoded()))
  console.log(
    `recording 1 GiB with the usual limit: ${recorded.toFixed(2)} s, decoding and hashing it ${floor.toFixed(2)} s, throughput ratio ` +
      `${(floor / recorded).toFixed(2)}; memory +${((peak - before) / 1e6).toFixed(0)} MB`,
  )

  for (let index = 0; index < RECORDS; index += 1)
    await recordRun(join(root, 'many'), `r${index}`, 8, [piece.slice(0, 2000)])
  await compare(`${RECORDS} records of 8 steps`, join(root, 'many'))
  const store = createRecordStore({ root: join(root, 'many') })
  const cold = await secondsOf(() => createRecordStore({ root: join(root, 'many') }).list())
  await store.list()
  const warm = await secondsOf(() => store.list())
  console.log(`list of ${RECORDS} records: cold ${(cold * 1000).toFixed(0)} ms, warm ${(warm * 1000).toFixed(0)} ms`)
} finally {
  rmSync(root, { recursive: true })
}
