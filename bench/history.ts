/**
 * 100,000 records (about 10 KB each, some of them larger): checking all of them against `sha256sum` over the same files; the
 * list without a cache, against reading the same bytes; the list and a search with one, against `JSON.parse` of as many plain
 * objects; and how long the event loop is held up meanwhile, which is what an editor would feel. Exit code 1 when a limit is
 * broken.
 *
 *   node bench/history.ts [records]
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { recordPath } from '../src/machine/records/file.ts'
import { createRecordStore, type RecordStore } from '../src/machine/records/store.ts'
import { createRunFilter } from '../src/record/run-filter.ts'

const RECORDS = Number(process.argv[2] ?? 100_000)
/** Milliseconds for which an editor may wait. */
const heldUpLimit = 50

mkdirSync('artifacts', { recursive: true })
const root = mkdtempSync(join('artifacts', 'bench-history-'))
const cache = {
  folder: join(root, 'cache'),
  workerFile: join(import.meta.dirname, '..', 'src', 'machine', 'records', 'worker.ts'),
}

interface Measured {
  readonly seconds: number
  /** The most milliseconds in which the event loop had no other turn. */
  readonly heldUp: number
  /** The most milliseconds of processor time that this thread took in one turn. */
  readonly computed: number
}

async function measured(work: () => unknown): Promise<Measured> {
  const delay = monitorEventLoopDelay({ resolution: 2 })
  delay.enable()
  let computed = 0
  let before = process.threadCpuUsage()
  const timer = setInterval(() => {
    const { user, system } = process.threadCpuUsage(before)
    computed = Math.max(computed, (user + system) / 1000)
    before = process.threadCpuUsage()
  }, 2)
  const begin = performance.now()
  await work()
  const seconds = (performance.now() - begin) / 1000
  clearInterval(timer)
  delay.disable()
  // The resolution is what it waits when nothing happens.
  return { seconds, heldUp: Math.max(0, delay.max / 1e6 - 2), computed }
}

/**
 * Of the times by the clock the best of some rounds, each with what `prepare` gives: what other programs take on the same cores
 * is in some of them, what is our own doing is in each. Of what was computed the worst, since people do it once.
 */
async function best<Thing>(
  rounds: number,
  prepare: () => Promise<Thing> | Thing,
  work: (thing: Thing) => unknown,
): Promise<Measured> {
  const results: Measured[] = []
  for (let round = 0; round < rounds; round += 1) {
    const thing = await prepare()
    results.push(await measured(() => work(thing)))
  }
  const all = (of: keyof Measured) => results.map((result) => result[of])
  return {
    seconds: Math.min(...all('seconds')),
    heldUp: Math.min(...all('heldUp')),
    computed: Math.max(...all('computed')),
  }
}

const store = () => createRecordStore({ root, cache })

interface Row {
  readonly name: string
  readonly measured: string
  readonly limit: string
  readonly isKept: boolean
}

const rows: Row[] = []

/** What is measured against a limit of its own unit. */
function judge(name: string, value: number, limit: number, text: (value: number) => string): void {
  rows.push({ name, measured: text(value), limit: text(limit), isKept: value <= limit })
}

const milliseconds = (value: number) => `${value.toFixed(0)} ms`
const seconds = (value: number) => `${value.toFixed(3)} s`

/** @param limit seconds */
function judgeTime(name: string, found: Measured, limit: number): void {
  judge(name, found.seconds, limit, seconds)
  judgeTurns('  event loop', found)
}

/** For how long an editor would stand still: by the clock, and of that what is our own doing in any case. */
function judgeTurns(name: string, { heldUp, computed }: Measured): void {
  judge(`${name} held up`, heldUp, heldUpLimit, milliseconds)
  judge(`${name} computed`, computed, heldUpLimit, milliseconds)
}

function shell(command: string): () => void {
  return () => void execFileSync('bash', ['-c', command], { cwd: root, stdio: 'ignore' })
}

try {
  // By another process: what it leaves in memory would be collected while something is measured.
  const writer = join(import.meta.dirname, 'write-many-records.ts')
  execFileSync(process.execPath, [writer, root, String(RECORDS)])
  const files = 'find .baton -name "*.jsonl" -print0'
  // The files are in memory for all that is compared, and the system is done with writing them.
  shell(`sync; ${files} | xargs -0 cat > /dev/null`)()

  const sums = await best(2, () => undefined, shell(`${files} | xargs -0 sha256sum`))
  const checked = await best(2, store, (records) => records.verify())
  console.log(`sha256sum of ${RECORDS} records: ${seconds(sums.seconds)}; verify: ${seconds(checked.seconds)}`)
  judge('verify, against sha256sum', checked.seconds / sums.seconds, 1.5, (value) => `${value.toFixed(2)} times`)
  judgeTurns('  event loop', checked)

  const read = await best(2, () => undefined, shell(`${files} | xargs -0 cat > /dev/null`))
  console.log(`cat of the same: ${seconds(read.seconds)}`)
  const cold = await best(
    2,
    () => rmSync(cache.folder, { recursive: true, force: true }),
    () => store().all(),
  )
  judgeTime('list without a cache', cold, 10)

  const plain = JSON.stringify(
    Array.from({ length: RECORDS }, (_, index) => ({
      path: recordPath({ id: String(index), operator: 'x', time: index }),
      id: index,
      startedAt: index,
      outcome: 'succeeded',
      durationMs: index,
    })),
  )
  const parsed = await best(
    3,
    () => undefined,
    () => JSON.parse(plain),
  )
  console.log(`JSON.parse of as many plain objects: ${seconds(parsed.seconds)}`)
  judgeTime('list with a cache', await best(5, store, (records) => records.all()), 0.2)

  const settled = store()
  await settled.all()
  const looked = await measured(() => settled.settled())
  console.log(`every file looked at in the background: ${seconds(looked.seconds)}`)
  judgeTurns('every file looked at:', looked)

  const search = async (records: RecordStore) => {
    const found = await records.search('new-aduser 警告 5000')
    const matches = createRunFilter({ operator: '佐藤', outcome: 'succeeded', since: Date.UTC(2021, 9, 1) })
    return (await records.all()).filter((record) => matches(record) && found.isFound(record)).length
  }
  judgeTime('search and filters', await best(5, () => settled, search), 0.2)
  const again = (records: RecordStore) => records.all()
  judgeTime('the list once more', await best(5, () => settled, again), 0.2)
} finally {
  rmSync(root, { recursive: true })
}

console.log()
for (const { name, measured, limit, isKept } of rows)
  console.log(`${name.padEnd(30)} ${measured.padStart(12)}  (limit ${limit})${isKept ? '' : '  BROKEN'}`)
if (rows.some(({ isKept }) => !isKept)) process.exitCode = 1
