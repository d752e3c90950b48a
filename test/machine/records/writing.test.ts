import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { RunEvent } from '../../../src/execution/event.ts'
import { thisHost } from '../../../src/machine/host.ts'
import { createRecordStore } from '../../../src/machine/records/store.ts'
import { runSiteOf } from '../../../src/machine/run-site.ts'
import { createRecorder } from '../../../src/record/recorder.ts'
import { needsUnix } from '../../support/needs.ts'
import { temporaryRecords } from './temporary-records.ts'

const noCounts = { succeeded: 0, failed: 0, skipped: 0, cancelled: 0, 'timed-out': 0 }

describe('writing records', function () {
  this.timeout(60_000)
  const { root, store, absolute, textOf, kindsOf, recordRun } = temporaryRecords()

  describe('create', () => {
    it('names the file after time, operator and id, below the repo', async () => {
      const path = await recordRun()
      assert.equal(path, '.baton/runs/2026/09/20260901T093000000Z-sato-a1b2c3d4e5f6.jsonl')
      assert.ok(existsSync(absolute(path)))
    })

    it('makes any operator a part of a file name that every system takes', async () => {
      const names: readonly (readonly [string, string])[] = [
        ['佐藤 健', '佐藤-健'],
        ['../../../etc/passwd', 'etc-passwd'],
        ['CON', 'CON'],
        ['a<b>c:"|?*d', 'a-b-c-d'],
        ['dots...', 'dots'],
        ['\u202egnp.exe\u0000\n', 'gnp.exe'],
        ['', 'unknown'],
        ['長'.repeat(300), '長'.repeat(40)],
        ['が'.normalize('NFD'), 'が'.normalize('NFC')],
      ]
      for (const [operator, part] of names) {
        const created = await store().create({
          id: `id${names.findIndex(([name]) => name === operator)}`,
          operator,
          time: 0,
        })
        assert.ok(created.kind === 'created', operator)
        await created.file.close()
        assert.match(basename(created.path), new RegExp(`^19700101T000000\\d{3}Z-${part}-id\\d\\.jsonl$`))
      }
    })

    it('never opens a file that is there', async () => {
      const path = await recordRun()
      const before = textOf(path)
      const again = await store().create({ id: 'a1b2c3d4e5f6', operator: 'sato', time: Date.UTC(2026, 8, 1, 9, 30) })
      assert.deepEqual(again, { kind: 'failed', code: 'record-unwritable', path, reason: 'EEXIST' })
      assert.equal(textOf(path), before)
    })

    it('says why it cannot write: the folder is a file', async () => {
      writeFileSync(absolute('.baton'), '')
      const failed = await store().create({ id: 'x', operator: 'sato', time: 0 })
      assert.equal(failed.kind === 'failed' && failed.reason, 'ENOTDIR')
    })

    it('says why it cannot write: no permission', async function () {
      if (process.platform === 'win32') {
        console.log('      skipped: Windows has no write permission on folders that this could take away')
        return this.skip()
      }
      chmodSync(root(), 0o555)
      // Root may write anywhere: nobody may not.
      const asRoot = process.getuid?.() === 0
      if (asRoot) process.seteuid?.(65534)
      const failed = await store().create({ id: 'x', operator: 'sato', time: 0 })
      if (asRoot) process.seteuid?.(0)
      chmodSync(root(), 0o755)
      assert.equal(failed.kind === 'failed' && failed.reason, 'EACCES')
    })

    for (const [options, reason] of [
      ['ro', 'EROFS'],
      ['size=64k', 'ENOSPC'],
    ] as const) {
      it(`says why it cannot write: ${reason}`, async function () {
        mkdirSync(absolute('.baton'))
        try {
          execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'none', absolute('.baton')], { stdio: 'ignore' })
        } catch {
          console.log('      skipped: a file system can be mounted by root alone')
          return this.skip()
        }
        try {
          const created = await store().create({ id: 'x', operator: 'sato', time: 0 })
          if (reason === 'EROFS') {
            assert.equal(created.kind === 'failed' && created.reason, 'EROFS')
            return
          }
          assert.ok(created.kind === 'created')
          assert.equal(await fillUp(created.file), 'ENOSPC')
          const { records } = await store().verify()
          assert.equal(records[0]?.verification.kind, 'incomplete')
        } finally {
          execFileSync('umount', ['-l', absolute('.baton')])
        }
      })
    }

    /** Records output until it fails: the errno. */
    async function fillUp(file: Parameters<typeof createRecorder>[0]): Promise<string | undefined> {
      const recorder = createRecorder(file, { parents: [] })
      const runbook = { path: 'a.md', title: 'A', sha256: '' }
      const operator = { name: 'sato' }
      const run = {
        id: 'x',
        runbook,
        operator,
        host: thisHost(),
        parameters: {},
        secrets: [],
        origin: 'editor',
        version: '0',
      } as const
      const step = { id: 's', kind: 'command', title: 'S', line: 1, text: 'x' } as const
      await recorder.handle({ type: 'run-started', time: 0, run })
      await recorder.handle({ type: 'step-started', time: 0, execution: 1, step })
      for (let index = 0; index < 10; index += 1) {
        const text = 'x'.repeat(64 * 1024)
        const failure = await recorder.handle({ type: 'output', time: 1, execution: 1, text })
        if (failure) {
          await recorder.handle({ type: 'run-ended', time: 2, outcome: 'failed', counts: noCounts })
          return failure.problem.values.reason
        }
      }
      return undefined
    }
  })

  it('keeps what is appended and synced at once, while the file gets its name', async () => {
    const created = await store().create({ id: 'a1b2c3d4e5f6', operator: 'sato', time: Date.UTC(2026, 8, 1) })
    assert.ok(created.kind === 'created')
    const { file, path } = created
    const lines = ['one\n', 'two\n', 'three\n']
    await Promise.all(lines.map((line) => file.append(Buffer.from(line)).then(() => file.sync())))
    await file.close()
    assert.deepEqual(textOf(path).split('\n').sort(), ['', 'one', 'three', 'two'])
    assert.deepEqual(readdirSync(join(absolute(path), '..')), [basename(path)])
  })

  it('takes the limit on output from whoever opens the record of a run', async () => {
    const site = await runSiteOf(absolute('a.md'), root())
    const { path, record } = site.openRecord({ outputLimit: 10 })
    const { operator, host } = site
    const runbook = { path: 'a.md', title: 'A', sha256: '' }
    const rest = { parameters: {}, secrets: [], origin: 'editor', version: '0' } as const
    const step = { id: 's', kind: 'command', title: 'S', line: 1, text: 'x' } as const
    const events: readonly RunEvent[] = [
      { type: 'run-started', time: 0, run: { id: 'x', runbook, operator, host, ...rest } },
      { type: 'step-started', time: 1, execution: 1, step },
      { type: 'output', time: 2, execution: 1, text: '0123456789abcdef' },
      { type: 'step-ended', time: 3, execution: 1, stepId: 's', outcome: 'succeeded', durationMs: 2 },
      { type: 'run-ended', time: 4, outcome: 'succeeded', counts: noCounts },
    ]
    for (const event of events) assert.equal(await record(event), undefined)
    const { steps } = await store().read(path() ?? '')
    assert.deepEqual([steps[0]?.output, steps[0]?.omitted], ['01234', { bytes: 6, tail: 'bcdef' }])
  })

  describe('a run whose record cannot go on', () => {
    const step = { id: 's', kind: 'command', title: 'S', line: 1, text: 'x' } as const
    const begin: RunEvent = { type: 'step-started', time: 1, execution: 1, step }
    const print = (text: string): RunEvent => ({ type: 'output', time: 2, execution: 1, text })
    const end: RunEvent = {
      type: 'step-ended',
      time: 3,
      execution: 1,
      stepId: 's',
      outcome: 'succeeded',
      durationMs: 2,
    }
    const close: RunEvent = { type: 'run-ended', time: 4, outcome: 'succeeded', counts: noCounts }

    async function started(from = store()) {
      const created = await from.create({ id: 'x', operator: 'sato', time: 0 })
      assert.ok(created.kind === 'created')
      const { handle } = createRecorder(created.file, { parents: [], outputLimit: 40_000 })
      const runbook = { path: 'a.md', title: 'A', sha256: '' }
      const rest = { parameters: {}, secrets: [], origin: 'editor', version: '0' } as const
      const run = { id: 'x', runbook, operator: { name: 'sato' }, host: thisHost(), ...rest }
      assert.equal(await handle({ type: 'run-started', time: 0, run }), undefined)
      return { path: created.path, handle }
    }

    it('ends with one problem when its folder was removed', async function () {
      if (process.platform === 'win32') {
        console.log('      skipped: Windows removes no folder that holds an open file')
        return this.skip()
      }
      const { path, handle } = await started()
      assert.equal(await handle(begin), undefined)
      rmSync(absolute('.baton'), { recursive: true })
      await handle(print('x'.repeat(100_000)))
      const failure = { problem: { code: 'record-unwritable', values: { path, reason: 'ENOENT' } } }
      assert.deepEqual(await handle(end), failure)
      assert.deepEqual(await handle(close), failure)
    })

    it('notices at the next step that its folder was removed', async function () {
      needsUnix(this, 'Windows removes no folder that holds an open file')
      const { handle } = await started()
      rmSync(absolute('.baton'), { recursive: true })
      await handle(begin)
      await delay(200)
      assert.equal((await handle(print('x')))?.problem.values.reason, 'ENOENT')
      await handle(close)
    })

    for (const [where, events] of [
      ['in the head of an output', Array.from({ length: 10 }, () => print('あ'.repeat(5000)))],
      ['when the tail is written', [print('x'.repeat(100_000)), end]],
    ] as const) {
      it(`keeps what verifies when the disk is full ${where}`, async function () {
        mkdirSync(absolute('.baton'))
        try {
          execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=28k', 'none', absolute('.baton')], { stdio: 'ignore' })
        } catch {
          console.log('      skipped: a file system can be mounted by root alone')
          return this.skip()
        }
        try {
          const { path, handle } = await started()
          await handle(begin)
          const answers: unknown[] = []
          for (const event of [...events, close]) answers.push(await handle(event))
          const failure = { problem: { code: 'record-unwritable', values: { path, reason: 'ENOSPC' } } }
          assert.deepEqual(answers.at(-1), failure)
          const [record] = (await store().verify()).records
          assert.ok(record?.verification.kind === 'incomplete' && record.verification.lines >= 2)
          const { steps } = await store().read(path)
          assert.equal(steps.length, 1)
          execFileSync('mount', ['-o', 'remount,size=1m', absolute('.baton')])
          const after = await createRecordStore({ root: root() }).closeAbandoned('s', Date.now())
          assert.deepEqual(
            after.map(({ kind }) => kind),
            ['closed'],
          )
          assert.deepEqual(await kindsOf(), ['abandoned'])
        } finally {
          execFileSync('umount', ['-l', absolute('.baton')])
        }
      })
    }
  })
})
