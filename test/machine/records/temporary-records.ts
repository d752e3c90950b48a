import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunDescription, RunEvent } from '../../../src/execution/event.ts'
import { thisHost } from '../../../src/machine/host.ts'
import { createRecordStore } from '../../../src/machine/records/store.ts'
import { createRecorder } from '../../../src/record/recorder.ts'

const noCounts = { succeeded: 0, failed: 0, skipped: 0, cancelled: 0, 'timed-out': 0 }

/** A folder of its own for the records of each test, and what the tests do with them. */
export function temporaryRecords() {
  let root = ''

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'baton-records-'))
  })

  afterEach(() => rmSync(root, { recursive: true, force: true }))

  const store = () => createRecordStore({ root })
  const absolute = (path: string) => join(root, path)
  const textOf = (path: string) => readFileSync(absolute(path), 'utf8')

  async function kindsOf(): Promise<readonly string[]> {
    const { records, missing } = await store().verify()
    assert.deepEqual(missing, [])
    return records.map(({ verification }) => verification.kind)
  }

  /** Records a run without steps; without its end when `ended` is false. */
  async function recordRun(
    options: { id?: string; time?: number; ended?: boolean; host?: RunDescription['host'] } = {},
    from = store(),
  ): Promise<string> {
    const { id = 'a1b2c3d4e5f6', time = Date.UTC(2026, 8, 1, 9, 30), ended = true, host = thisHost() } = options
    const parents = await from.tips()
    const created = await from.create({ id, operator: 'sato', time })
    assert.ok(created.kind === 'created')
    const recorder = createRecorder(created.file, { parents })
    const runbook = { path: 'a.md', title: 'A', sha256: '' }
    const operator = { name: 'sato' }
    const run = { id, runbook, operator, host, parameters: {}, secrets: [], origin: 'editor', version: '0' } as const
    const events: RunEvent[] = [{ type: 'run-started', time, run }]
    if (ended) events.push({ type: 'run-ended', time: time + 1000, outcome: 'succeeded', counts: noCounts })
    for (const event of events) assert.equal(await recorder.handle(event), undefined)
    if (!ended) await created.file.close()
    return created.path
  }

  return { root: () => root, store, absolute, textOf, kindsOf, recordRun }
}
