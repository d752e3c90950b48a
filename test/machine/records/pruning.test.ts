import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { RunEvent } from '../../../src/execution/event.ts'
import { recordAct } from '../../../src/machine/records/act.ts'
import { createRecordPruner } from '../../../src/machine/records/pruning.ts'
import { createRecordStore } from '../../../src/machine/records/store.ts'
import { verifyTrust } from '../../../src/machine/records/trust.ts'
import type { Act } from '../../../src/record/act.ts'
import { sha256 } from '../../../src/record/line.ts'
import { createRecorder } from '../../../src/record/recorder.ts'
import {
  description,
  output,
  runEnded,
  runStarted,
  start,
  stepEnded,
  stepStarted,
} from '../../unit/record/memory-file.ts'

const day = 86_400_000

describe('pruning output', function () {
  this.timeout(30_000)
  let root: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'baton-pruning-'))
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  const store = () => createRecordStore({ root })
  const absolute = (path: string) => join(root, path)
  const textOf = (path: string) => readFileSync(absolute(path), 'utf8')
  const by = { origin: 'command-line', version: '0' } as const

  /** A run that began so many days ago and took so many steps, each of which printed a kilobyte; the path of its record. */
  async function recordRun(id: string, age: number, steps = 3, end = true): Promise<string> {
    const time = start - age * day
    const records = store()
    const created = await records.create({ id, operator: 'sato', time })
    assert.ok(created.kind === 'created')
    const { handle } = createRecorder(created.file, { parents: await records.tips() })
    const events: RunEvent[] = [
      { ...runStarted, time, run: { ...description, id } },
      ...Array.from({ length: steps }, (_, index) => [
        stepStarted(index + 1),
        output(
          index + 1,
          `${'出力'.repeat(170)}${index % 10}
`,
        ),
        stepEnded(index + 1),
      ]).flat(),
    ]
    for (const event of end ? [...events, { ...runEnded, time: time + 1000 }] : events) {
      assert.equal(await handle(event), undefined)
    }
    if (!end) await created.file.close()
    return created.path
  }

  function pruner(record: (act: Act) => ReturnType<typeof recordAct> = (act) => recordAct(store(), root, act, by)) {
    const setup = { root, store: store(), verifyTrust: (paths: readonly string[]) => verifyTrust(store(), root, paths) }
    return createRecordPruner({ ...setup, recordAct: record })
  }

  const olderThan = (days: number) => ({ before: start - days * day, unanchored: true })

  async function verdicts(paths?: readonly string[]) {
    const { records, missing } = await store().verify(paths)
    assert.deepEqual(missing, [])
    return records.map(({ verification: found }) =>
      found.kind === 'tampered'
        ? `${found.what} ${found.line}`
        : `${found.kind}${'pruned' in found && found.pruned ? ` -${found.pruned.count}` : ''}`,
    )
  }

  it('takes out the difference from what was expected as well, where nothing was printed too', async () => {
    const time = start - 200 * day
    const records = store()
    const created = await records.create({ id: 'd', operator: 'sato', time })
    assert.ok(created.kind === 'created')
    const { handle } = createRecorder(created.file, { parents: [] })
    const difference = '--- expected\n+++ output\n@@ -1 +1 @@\n-期待\n+出力\n'
    const failed = { outcome: 'failed', problem: { code: 'output-differs', values: {} }, difference } as const
    const events: RunEvent[] = [
      { ...runStarted, time, run: { ...description, id: 'd' } },
      stepStarted(1),
      output(1, '出力\n'),
      { ...stepEnded(1), ...failed },
      stepStarted(2),
      { ...stepEnded(2), ...failed },
      { ...runEnded, time: time + 1000 },
    ]
    for (const event of events) assert.equal(await handle(event), undefined)
    const before = textOf(created.path).split('\n')
    assert.equal((await store().read(created.path)).steps[1]?.result?.difference, difference)
    const { plan, prune } = pruner()
    const result = await prune(await plan(olderThan(180)))
    assert.ok(result.kind === 'pruned' && result.records.length === 1)
    assert.deepEqual(await verdicts(), ['ok -3', 'ok'])
    assert.doesNotMatch(textOf(created.path), /出力|期待/)
    const after = textOf(created.path).split('\n')
    for (const index of [3, 5]) {
      const { difference: _, ...ending } = JSON.parse(before[index] ?? '')
      const bytes = Buffer.byteLength(difference)
      assert.deepEqual(JSON.parse(after[index] ?? ''), { ...ending, pruned: sha256(before[index] ?? ''), bytes })
    }
    const { steps } = await store().read(created.path)
    assert.deepEqual(
      steps.map(({ prunedBytes, result: end }) => [prunedBytes, end?.outcome, end?.difference]),
      [
        [7 + Buffer.byteLength(difference), 'failed', undefined],
        [Buffer.byteLength(difference), 'failed', undefined],
      ],
    )
    assert.deepEqual((await plan(olderThan(180))).planned, [])
  })

  it('takes the output out of old records, keeps every other line and every hash, and puts it on record', async () => {
    const old = await recordRun('a', 200)
    const young = await recordRun('b', 10)
    const before = { old: textOf(old).split('\n'), young: textOf(young) }
    const { plan, prune } = pruner()
    const planned = await plan(olderThan(180))
    assert.deepEqual(
      planned.planned.map(({ run }) => run.path),
      [old],
    )
    assert.equal(textOf(old), before.old.join('\n'), 'a plan writes nothing')
    const result = await prune(planned)
    assert.ok(result.kind === 'pruned' && result.records.length === 1 && result.failed.length === 0)

    assert.equal(textOf(young), before.young)
    const after = textOf(old).split('\n')
    assert.equal(after.length, before.old.length)
    for (const [index, line] of after.entries()) {
      if (index > 9 || index % 3 !== 2) assert.equal(line, before.old[index])
      else
        assert.match(
          line,
          /^\{"seq":\d,"prev":"[0-9a-f]{64}","time":".{24}","type":"output","execution":\d,"at":\d+,"pruned":"[0-9a-f]{64}","bytes":1022\}$/,
        )
    }
    assert.deepEqual(await verdicts(), ['ok -3', 'ok', 'ok'])
    assert.deepEqual(await verdicts([old]), ['ok -3'])
    const [act] = (await store().all()).filter(({ outcome }) => outcome === 'act')
    assert.ok(act?.outcome === 'act')
    const { pruned: [vouched] = [] } = act
    assert.deepEqual(vouched && [vouched.run, vouched.lines, vouched.bytes], ['a', 3, 3066])
    const run = (await store().list()).find(({ path }) => path === old)
    assert.ok(run && 'pruned' in run && run.pruned)
    const { steps } = await store().read(old)
    assert.deepEqual([steps[0]?.output, steps[0]?.prunedBytes], ['', 1022])
    assert.deepEqual((await plan(olderThan(180))).planned, [])
  })

  it('goes on from the oldest until everything fits', async () => {
    const paths = [await recordRun('a', 30, 20), await recordRun('b', 20, 20), await recordRun('c', 10, 20)]
    const sizes = paths.map((path) => Buffer.byteLength(textOf(path)))
    const sum = sizes.reduce((a, b) => a + b, 0)
    const { plan } = pruner()
    const planned = async (size: number) => (await plan({ size, unanchored: true })).planned.map(({ run }) => run.path)
    assert.deepEqual(await planned(sum), [])
    assert.deepEqual(await planned(sum - 1), paths.slice(0, 1))
    assert.deepEqual(await planned(sum - (sizes[0] ?? 0)), paths.slice(0, 2))
    assert.deepEqual(await planned(0), paths)
  })

  it('leaves alone what is open, was changed, or is neither signed nor pushed unless told otherwise', async () => {
    await recordRun('open', 300, 3, false)
    const changed = await recordRun('changed', 300)
    writeFileSync(absolute(changed), textOf(changed).replace('出力', '入力'))
    const sound = await recordRun('sound', 300)
    const plan = await pruner().plan(olderThan(180))
    assert.deepEqual(plan.unsound, [changed])
    assert.deepEqual(
      plan.planned.map(({ run }) => run.path),
      [sound],
    )
    const cautious = { ...olderThan(180), unanchored: false }
    assert.deepEqual((await pruner().plan(cautious)).unanchored, [sound])

    const git = (...args: string[]) =>
      execFileSync('git', ['-C', root, '-c', 'user.name=s', '-c', 'user.email=s@example.com', ...args])
    git('init', '-q', '-b', 'main')
    git('add', sound)
    git('commit', '-qm', 'records')
    git('update-ref', 'refs/remotes/origin/main', 'HEAD')
    const anchored = await pruner().plan(cautious)
    assert.deepEqual([anchored.planned.map(({ run }) => run.path), anchored.unanchored], [[sound], []])
  })

  it('is told from a line that somebody took out, and from a file that was changed after pruning', async () => {
    const hidden = await recordRun('hidden', 300)
    const path = await recordRun('other', 300)
    const { plan, prune } = pruner()
    const all = await plan(olderThan(180))
    const one = { ...all, planned: all.planned.filter(({ run }) => run.path === path) }
    assert.equal((await prune(one)).kind, 'pruned')
    const [stub = ''] = textOf(path)
      .split('\n')
      .filter((line) => line.includes('"pruned"'))

    // Somebody replaces a line by what Baton would have put there, and no act says so.
    const lines = textOf(hidden).split('\n')
    const original = JSON.parse(lines[5] ?? '')
    const forged = JSON.stringify({
      ...JSON.parse(stub),
      seq: original.seq,
      prev: original.prev,
      pruned: sha256(lines[5] ?? ''),
    })
    writeFileSync(absolute(hidden), lines.with(5, forged).join('\n'))
    assert.deepEqual(await verdicts([hidden]), ['output-removed 6'])
    assert.deepEqual(await verdicts([path]), ['ok -3'])

    // What a stub says of its text is guarded by the act alone.
    const kept = textOf(path)
    writeFileSync(absolute(path), kept.replace('"bytes":1022', '"bytes":1'))
    assert.deepEqual(await verdicts([path]), ['output-removed 3'])
    writeFileSync(absolute(path), kept.replace(/"pruned":"./, '"pruned":"x'))
    assert.deepEqual(await verdicts([path]), ['altered 3'])
    writeFileSync(absolute(path), kept.replaceAll('\n', '\r\n'))
    assert.deepEqual(await verdicts([path]), ['ok -3'], 'as git may check it out')

    // Only output is pruned.
    writeFileSync(absolute(path), kept.replace(/"type":"output"(.*?"pruned")/, '"type":"note"$1'))
    assert.deepEqual(await verdicts([path]), ['altered 3'])
    writeFileSync(absolute(path), kept)

    const [act] = (await store().all()).filter(({ outcome }) => outcome === 'act')
    rmSync(absolute(act?.path ?? ''))
    assert.deepEqual(await verdicts([path]), ['output-removed 3'])
  })

  it('is finished by the next one where something ended it behind the act', async () => {
    const paths = [await recordRun('a', 300), await recordRun('b', 299)]
    const before = paths.map(textOf)
    // As after a crash: the act is there, and nothing else.
    const interrupted = pruner(async (act) => {
      assert.equal(await recordAct(store(), root, act, by), undefined)
      throw new Error('crash')
    })
    await assert.rejects(async () => interrupted.prune(await interrupted.plan(olderThan(180))), /crash/)
    assert.deepEqual(paths.map(textOf), before)
    assert.deepEqual(await verdicts(), ['ok', 'ok', 'ok'])

    const { plan, prune } = pruner()
    const next = await plan({ unanchored: false })
    assert.deepEqual([next.planned.length, next.unfinished.length], [0, 2])
    const result = await prune(next)
    assert.equal(result.kind === 'pruned' && result.records.length, 2)
    assert.deepEqual(await verdicts(), ['ok -3', 'ok -3', 'ok'])
    assert.equal((await store().all()).filter(({ outcome }) => outcome === 'act').length, 1)
  })

  it('changes nothing where the act cannot be kept, and leaves no draft and no lock', async () => {
    const path = await recordRun('a', 300)
    const before = textOf(path)
    const failure = { problem: { code: 'record-unwritable', values: { path: 'x', reason: 'ENOSPC' } } } as const
    const { plan, prune } = pruner(async () => failure)
    assert.deepEqual(await prune(await plan(olderThan(180))), { kind: 'failed', path: 'x', reason: 'ENOSPC' })
    assert.equal(textOf(path), before)
    assert.deepEqual(readdirSync(dirname(absolute(path))), [basename(path)])
    assert.deepEqual(readdirSync(absolute('.baton/runs')), ['2025'])
    writeFileSync(absolute('.baton/runs/.pruning'), '')
    assert.deepEqual(await prune(await plan(olderThan(180))), { kind: 'busy' })
  })
})
