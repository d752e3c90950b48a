/**
 * 100,000 records (about 10 KB each, some of them larger): checking all of them against `sha256sum` over the same files; the
 * list without a cache, against reading the same bytes; the list and a search with one, against `JSON.parse` of as many plain
 * objects; and how long the event loop is held up meanwhile, which is what an editor would feel.
 *
 *   node bench/history.ts [records]
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { recordPath } from '../src/machine/record-file.ts'
import { createRecordStore, type RecordStore } from '../src/machine/record-store.ts'
import { encodeLine, type RecordEntry, sha256 } from '../src/record/line.ts'
import { createRunFilter } from '../src/record/run-filter.ts'

const RECORDS = Number(process.argv[2] ?? 100_000)
const STEPS = 8
const host = { name: 'pc-01', platform: 'linux', pid: 1 }

mkdirSync('artifacts', { recursive: true })
const root = mkdtempSync(join('artifacts', 'bench-history-'))
const cache = {
  folder: join(root, 'cache'),
  workerFile: join(import.meta.dirname, '..', 'src', 'machine', 'record-worker.ts'),
}

/** A run of one of forty runbooks, twenty-six minutes after the one before. */
function recordOf(index: number, parents: readonly string[]) {
  const time = Date.UTC(2021, 8, 1) + index * 26 * 60_000
  const id = String(index).padStart(12, '0')
  const which = index % 40
  const hasFailed = index % 17 === 0
  const operator = { name: ['佐藤 健', '鈴木 太郎', 'Tanaka'][index % 3] ?? '' }
  const runbook = {
    path: `ops/runbook-${which}.md`,
    title: `入社時のアカウント作成 ${which}`,
    sha256: sha256(String(which)),
  }
  let prev: string | null = null
  let seq = 0
  const lines: Uint8Array[] = []
  const add = (offset: number, entry: RecordEntry) => {
    const { bytes, hash } = encodeLine(seq, prev, time + offset, entry)
    lines.push(bytes)
    prev = hash
    seq += 1
    return hash
  }
  const run = { id, runbook, operator, host, parameters: { USER_ID: `t.suzuki${index}` }, secrets: ['LDAP_PASSWORD'] }
  add(0, { type: 'run-start', format: 1, ...run, origin: 'editor', version: '0.1.0', parents })
  for (let execution = 1; execution <= STEPS; execution += 1) {
    const text = `New-ADUser -Name $env:USER_ID -Path "OU=${which}-${execution},DC=example,DC=co,DC=jp"\n`.repeat(4)
    const ended = { execution, id: `step-${execution}`, exitCode: 0 }
    add(execution * 1000, {
      ...{ type: 'step-start', execution, id: `step-${execution}`, kind: 'command', title: 'アカウントを作成する' },
      ...{ line: execution * 10, shell: 'pwsh', text, textSha256: sha256(text) },
    })
    const output = `DistinguishedName : CN=t.suzuki${index},OU=Users\nEnabled           : True\n`
    add(execution * 1000 + 1, { type: 'output', execution, at: 3, text: output.repeat(index % 500 === 0 ? 500 : 4) })
    add(execution * 1000 + 900, {
      ...{ type: 'step-end', ...ended, durationMs: 900 + execution, outputBytes: 300, outputSha256: sha256(output) },
      outcome: hasFailed && execution === STEPS ? 'failed' : 'succeeded',
      ...(index % 10 === 0 && execution === 3 && { note: `警告 ${index} は無視してよい` }),
    })
  }
  const counts = { succeeded: hasFailed ? 7 : 8, failed: hasFailed ? 1 : 0, skipped: 0, cancelled: 0, 'timed-out': 0 }
  const head = add(9999, { type: 'run-end', outcome: hasFailed ? 'failed' : 'succeeded', counts, durationMs: 9999 })
  return { path: recordPath({ id, operator: operator.name, time }), bytes: Buffer.concat(lines), head }
}

function writeRecords(): void {
  let parents: readonly string[] = []
  let folder = ''
  for (let index = 0; index < RECORDS; index += 1) {
    const { path, bytes, head } = recordOf(index, parents)
    const file = join(root, '.baton/runs', path)
    if (dirname(file) !== folder) mkdirSync(dirname(file), { recursive: true })
    folder = dirname(file)
    writeFileSync(file, bytes)
    parents = [head]
  }
}

/** Seconds, and the most milliseconds for which the event loop was held up. */
async function measured(work: () => unknown): Promise<{ readonly seconds: number; readonly heldUp: number }> {
  const delay = monitorEventLoopDelay({ resolution: 2 })
  delay.enable()
  const begin = performance.now()
  await work()
  const seconds = (performance.now() - begin) / 1000
  delay.disable()
  // The resolution is what it waits when nothing happens.
  return { seconds, heldUp: Math.max(0, delay.max / 1e6 - 2) }
}

/** The best of some rounds, each with what `prepare` gives. */
async function best<Thing>(rounds: number, prepare: () => Promise<Thing> | Thing, work: (thing: Thing) => unknown) {
  const results = []
  for (let round = 0; round < rounds; round += 1) {
    const thing = await prepare()
    results.push(await measured(() => work(thing)))
  }
  return results.reduce((a, b) => (a.seconds < b.seconds ? a : b))
}

const store = () => createRecordStore({ root, cache })

function report(
  name: string,
  { seconds, heldUp }: Awaited<ReturnType<typeof measured>>,
  floor: number,
  limits: string,
) {
  const ratio = (seconds / floor).toFixed(2)
  console.log(
    `${name}: ${seconds.toFixed(3)} s, ratio ${ratio}, event loop held up ${heldUp.toFixed(0)} ms (${limits})`,
  )
}

function shell(command: string): () => void {
  return () => void execFileSync('bash', ['-c', command], { cwd: root, stdio: 'ignore' })
}

try {
  writeRecords()
  const files = 'find .baton -name "*.jsonl" -print0'
  // The files are in memory for all that is compared.
  shell(`${files} | xargs -0 cat > /dev/null`)()

  const sums = await best(2, () => undefined, shell(`${files} | xargs -0 sha256sum`))
  const checked = await best(2, store, (records) => records.verify())
  report(
    `verify ${RECORDS} records against sha256sum (${sums.seconds.toFixed(2)} s)`,
    checked,
    sums.seconds,
    'ratio at most 1.5',
  )
  if (checked.seconds > 1.5 * sums.seconds) process.exitCode = 1

  const read = await best(2, () => undefined, shell(`${files} | xargs -0 cat > /dev/null`))
  const cold = await best(
    1,
    () => rmSync(cache.folder, { recursive: true, force: true }),
    () => store().all(),
  )
  report(`list without a cache, against cat (${read.seconds.toFixed(2)} s)`, cold, read.seconds, 'at most 10 s, 50 ms')

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
  const warm = await best(5, store, (records) => records.all())
  report(
    `list with a cache, against JSON.parse (${parsed.seconds.toFixed(3)} s)`,
    warm,
    parsed.seconds,
    'at most 0.2 s, 50 ms',
  )

  const settled = store()
  await settled.all()
  const looked = await measured(() => settled.settled())
  console.log(
    `every file looked at in the background: ${looked.seconds.toFixed(2)} s, held up ${looked.heldUp.toFixed(0)} ms`,
  )

  const search = async (records: RecordStore) => {
    const found = await records.search('new-aduser 警告 5000')
    const matches = createRunFilter({ operator: '佐藤', outcome: 'succeeded', since: Date.UTC(2021, 9, 1) })
    return (await records.all()).filter((record) => matches(record) && found.isFound(record)).length
  }
  const filtered = await best(5, () => settled, search)
  report('search and filters', filtered, parsed.seconds, 'at most 0.2 s, 50 ms')
  const again = await best(
    5,
    () => settled,
    (records) => records.all(),
  )
  report('the list once more', again, parsed.seconds, 'at most 0.2 s, 50 ms')
} finally {
  rmSync(root, { recursive: true })
}
