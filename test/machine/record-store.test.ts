import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { RunDescription, RunEvent } from '../../src/execution/event.ts'
import { processGone, thisHost } from '../../src/machine/host.ts'
import { recordAct } from '../../src/machine/record-act.ts'
import { createRecordStore } from '../../src/machine/record-store.ts'
import { runSiteOf } from '../../src/machine/run-site.ts'
import { createRecorder } from '../../src/record/recorder.ts'
import { needsUnix } from '../support/needs.ts'

const writer = join(import.meta.dirname, 'record-writer.ts')
const noCounts = { succeeded: 0, failed: 0, skipped: 0, cancelled: 0, 'timed-out': 0 }

describe('record store', function () {
  this.timeout(60_000)
  let root: string

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

  describe('create', () => {
    it('names the file after time, operator and id, below the repo', async () => {
      const path = await recordRun()
      assert.equal(path, '.baton/runs/2026/09/20260901T093000000Z-sato-a1b2c3d4e5f6.jsonl')
      assert.ok(existsSync(absolute(path)))
    })

    it('makes any operator a part of a file name that every system takes', async () => {
      const names: readonly (readonly [string, string])[] = [
        ['佐藤 健', '佐藤-健'],
        ['../../etc/passwd', 'etc-passwd'],
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
      chmodSync(root, 0o555)
      // Root may write anywhere: nobody may not.
      const asRoot = process.getuid?.() === 0
      if (asRoot) process.seteuid?.(65534)
      const failed = await store().create({ id: 'x', operator: 'sato', time: 0 })
      if (asRoot) process.seteuid?.(0)
      chmodSync(root, 0o755)
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
    const site = await runSiteOf(absolute('a.md'), root)
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
          const after = await createRecordStore({ root }).closeAbandoned('s', Date.now())
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

  describe('list', () => {
    it('is empty without a folder', async () => {
      assert.deepEqual(await store().list(), [])
      assert.deepEqual(await store().tips(), [])
      assert.deepEqual(await store().verify(), { records: [], missing: [] })
    })

    it('has the newest first, and what is unreadable where it was changed', async () => {
      const day = 86_400_000
      const old = await recordRun({ id: 'old', time: day })
      const young = await recordRun({ id: 'young', time: 40 * day })
      const broken = old.replace('old', 'broken')
      writeFileSync(absolute(broken), 'no record\n')
      utimesSync(absolute(broken), 20 * 86_400, 20 * 86_400)
      writeFileSync(absolute(old.replace('old', 'zero')), '')
      utimesSync(absolute(old.replace('old', 'zero')), 10 * 86_400, 10 * 86_400)
      const folder = old.replace('old', 'a-folder')
      mkdirSync(absolute(folder))
      utimesSync(absolute(folder), 5 * 86_400, 5 * 86_400)
      symlinkSync('/etc/passwd', absolute(old.replace('old', 'a-link')))
      writeFileSync(absolute('.baton/runs/README.md'), 'notes\n')
      const list = await store().list()
      assert.deepEqual(
        list.map(({ path, outcome }) => [path, outcome]),
        [
          [young, 'succeeded'],
          [broken, 'unreadable'],
          [old.replace('old', 'zero'), 'unreadable'],
          [folder, 'unreadable'],
          [old, 'succeeded'],
        ],
      )
      assert.deepEqual(
        list.flatMap((run) => (run.outcome === 'unreadable' ? [run.reason] : [])),
        ['not-a-record', 'empty', 'EISDIR'],
      )
    })

    it('reads again what changed, and forgets what is gone', async () => {
      const one = store()
      const path = await recordRun({ ended: false, id: 'x' }, one)
      assert.equal((await one.list())[0]?.outcome, 'running')
      const text = textOf(path)
      writeFileSync(absolute(path), 'junk\n')
      assert.equal((await one.list())[0]?.outcome, 'unreadable')
      writeFileSync(absolute(path), text)
      assert.equal((await one.list())[0]?.outcome, 'running')
      rmSync(absolute(path))
      assert.deepEqual(await one.list(), [])
    })
  })

  describe('an act', () => {
    const act = { act: 'secrets-changed', secrets: ['LDAP_PASSWORD'] } as const
    const by = { origin: 'command-line', version: '9.9.9' } as const
    const files = () =>
      readdirSync(absolute('.baton/runs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('T'))

    it('has a record of its own, which runs are chained with and none of them is taken for', async () => {
      const run = await recordRun({ id: 'one', time: 1 })
      assert.equal(await recordAct(store(), root, act, by), undefined)
      const later = await recordRun({ id: 'two', time: Date.now() + 60_000 })
      const all = await store().all()
      const summary = all[1]
      assert.ok(summary?.outcome === 'act')
      assert.match(summary.path, /^\.baton\/runs\/\d{4}\/\d\d\/\d{8}T\d{9}Z-.+-[0-9a-f]{12}\.jsonl$/)
      assert.deepEqual([all[0]?.path, all[2]?.path, all.length], [later, run, 3])
      assert.deepEqual(
        (await store().list()).map(({ path }) => path),
        [later, run],
      )
      assert.deepEqual((await store().read(summary.path)).act?.host, thisHost())
      assert.deepEqual(await kindsOf(), ['ok', 'ok', 'ok'])
      assert.equal((await store().tips()).length, 1)
      assert.deepEqual(await store().closeAbandoned('x', Date.now()), [])

      rmSync(absolute(summary.path))
      const { missing } = await store().verify()
      assert.deepEqual(
        missing.map(({ namedBy }) => namedBy),
        [[later]],
      )
    })

    it('leaves nothing where it cannot be kept', async () => {
      writeFileSync(absolute('.baton'), 'a file')
      const failure = await recordAct(store(), root, act, by)
      assert.deepEqual([failure?.problem.code, failure?.problem.values.reason], ['record-unwritable', 'ENOTDIR'])
      rmSync(absolute('.baton'))
      await recordAct(store(), root, act, by)
      assert.equal(files().length, 1, files().join())
      if (process.getuid?.() === 0) return
      chmodSync(absolute(`.baton/runs/${files()[0]?.slice(0, 7)}`), 0o500)
      assert.equal((await recordAct(store(), root, act, by))?.problem.values.reason, 'EACCES')
      assert.equal(files().length, 1)
    })

    it('is kept once for each of several that happen at once', async () => {
      const one = store()
      await Promise.all(Array.from({ length: 20 }, () => recordAct(one, root, act, by)))
      assert.equal(files().length, 20)
      assert.deepEqual(new Set(await kindsOf()), new Set(['ok']))
    })
  })

  describe('tips and verify', () => {
    it('chains records: each names the heads that nothing else names', async () => {
      await recordRun({ id: 'one', time: 1 })
      const [first] = await store().tips()
      assert.ok(first)
      const second = await recordRun({ id: 'two', time: 2 })
      assert.deepEqual(JSON.parse(textOf(second).split('\n')[0] ?? '').parents, [first])
      assert.equal((await store().tips()).length, 1)
      assert.deepEqual(await kindsOf(), ['ok', 'ok'])
    })

    it('misses a record that was deleted, or cut behind what another names', async () => {
      const first = await recordRun({ id: 'one', time: 1 })
      const [head] = await store().tips()
      const second = await recordRun({ id: 'two', time: 2 })
      const text = textOf(first)
      rmSync(absolute(first))
      assert.deepEqual((await store().verify()).missing, [{ head, namedBy: [second] }])
      assert.deepEqual((await store().verify([second])).missing, [{ head, namedBy: [second] }])
      writeFileSync(absolute(first), `${text.split('\n')[0]}\n`)
      assert.deepEqual((await store().verify()).missing, [{ head, namedBy: [second] }])
      writeFileSync(absolute(first), text)
      assert.deepEqual((await store().verify([second])).missing, [])
    })

    it('does not miss a record that grew after it was named', async () => {
      const growing = createRecordStore({ root })
      const created = await growing.create({ id: 'long', operator: 'sato', time: 1 })
      assert.ok(created.kind === 'created')
      const recorder = createRecorder(created.file, { parents: [] })
      const run = {
        id: 'long',
        runbook: { path: 'a', title: '', sha256: '' },
        operator: { name: 's' },
        host: thisHost(),
      }
      const rest = { parameters: {}, secrets: [], origin: 'editor', version: '0' } as const
      await recorder.handle({ type: 'run-started', time: 1, run: { ...run, ...rest } })
      await recordRun({ id: 'short', time: 2 })
      await recorder.handle({ type: 'run-ended', time: 3, outcome: 'succeeded', counts: noCounts })
      assert.deepEqual(await kindsOf(), ['ok', 'ok'])
    })

    it('names the changed line, and what cannot be read', async () => {
      const path = await recordRun()
      writeFileSync(absolute(path), textOf(path).replace('"title":"A"', '"title":"B"'))
      const [record] = (await store().verify([path])).records
      assert.deepEqual(record?.verification, { kind: 'tampered', line: 1, what: 'altered' })
      mkdirSync(absolute('folder.jsonl'))
      const { records } = await store().verify(['folder.jsonl', 'nowhere.jsonl'])
      const reasons = records.map(({ verification }) => verification.kind === 'unreadable' && verification.reason)
      assert.deepEqual(reasons, ['EISDIR', 'ENOENT'])
    })

    it('accepts a checkout of git with CRLF', async () => {
      const path = await recordRun()
      const git = (...args: string[]) =>
        execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@y', ...args], { cwd: root })
      git('init', '-q')
      git('add', '.')
      git('commit', '-qm', 'record')
      git('config', 'core.autocrlf', 'true')
      rmSync(absolute(path))
      git('checkout', '-q', '--', '.')
      assert.match(textOf(path), /\r\n/)
      assert.deepEqual(await kindsOf(), ['ok'])
    })
  })

  describe('closeAbandoned', () => {
    const gone = { ...thisHost(), pid: 2 ** 22 + 1 }

    it('closes the record of a process that is gone, once', async () => {
      const path = await recordRun({ ended: false, host: gone })
      assert.deepEqual(await kindsOf(), ['incomplete'])
      const closed = await store().closeAbandoned('鈴木', Date.now())
      assert.deepEqual(closed, [{ kind: 'closed', path, title: 'A', startedAt: Date.UTC(2026, 8, 1, 9, 30) }])
      assert.deepEqual(await kindsOf(), ['abandoned'])
      assert.deepEqual(await store().closeAbandoned('鈴木', Date.now()), [])
      assert.equal((await store().list())[0]?.outcome, 'abandoned')
      const { end } = await store().read(path)
      assert.deepEqual(end.kind === 'abandoned' && [end.by, end.reason], ['鈴木', 'process-gone'])
      assert.deepEqual(readdirSync(absolute('.baton/runs')), ['2026'])
    })

    it('keeps a torn line as evidence, and one that lost only its line end as a line', async () => {
      const torn = await recordRun({ ended: false, host: gone, id: 'torn' })
      appendFileSync(absolute(torn), '{"seq":1,"prev":"12')
      const bare = await recordRun({ ended: false, host: gone, id: 'bare' })
      truncateSync(absolute(bare), Buffer.byteLength(textOf(bare)) - 1)
      assert.equal((await store().closeAbandoned('s', Date.now())).length, 2)
      assert.deepEqual(await kindsOf(), ['abandoned', 'abandoned'])
      assert.match(textOf(torn), /\n\{"seq":1,"prev":"12\n\{"seq":2,/)
      writeFileSync(absolute(torn), textOf(torn).replace('"prev":"12\n', '"prev":"13\n'))
      const [record] = (await store().verify([torn])).records
      assert.deepEqual(record?.verification, { kind: 'tampered', line: 2, what: 'altered' })
    })

    it('closes a record that was cut anywhere behind its first line', async () => {
      const path = await recordRun({ ended: false, host: gone })
      const first = textOf(path)
      const next = '{"seq":1,"prev":"12","time":"2026-09-01T09:30:00.000Z","type":"output","at":1,"text":"{\\"a\\":1}"}'
      for (let length = 1; length < next.length; length += 1) {
        const cut = first + next.slice(0, length)
        writeFileSync(absolute(path), cut)
        assert.equal((await store().closeAbandoned('s', Date.now())).length, 1)
        assert.deepEqual(await kindsOf(), ['abandoned'], `cut at ${length}`)
        assert.ok(textOf(path).startsWith(`${cut}\n`))
      }
    })

    it('leaves alone what another computer, a living process or this store writes, and what was changed', async () => {
      await recordRun({ id: 'other', ended: false, host: { ...gone, name: 'another-pc' } })
      await recordRun({ id: 'wsl', ended: false, host: { ...gone, platform: 'win32' } })
      const parent = { ...thisHost(), pid: process.ppid }
      await recordRun({ id: 'alive', ended: false, host: parent, time: Date.now() })
      const changed = await recordRun({ id: 'changed', ended: false, host: gone })
      appendFileSync(absolute(changed), 'not a line\n')
      const own = store()
      const created = await own.create({ id: 'own', operator: 's', time: Date.now() })
      assert.ok(created.kind === 'created')
      const recorder = createRecorder(created.file, { parents: [] })
      const run = {
        id: 'own',
        runbook: { path: 'a', title: '', sha256: '' },
        operator: { name: 's' },
        host: thisHost(),
      }
      const rest = { parameters: {}, secrets: [], origin: 'editor', version: '0' } as const
      await recorder.handle({ type: 'run-started', time: Date.now(), run: { ...run, ...rest } })
      assert.deepEqual(await own.closeAbandoned('s', Date.now()), [])
      await created.file.close()
      assert.equal((await own.closeAbandoned('s', Date.now())).length, 1)
    })

    it('does not take a process that has the same id, and started later, for the one that wrote', async () => {
      const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'])
      try {
        const { pid = 0 } = child
        assert.equal(await processGone(pid, Date.now()), false)
        assert.equal(await processGone(pid, Date.now() - 60_000), true)
        await recordRun({ ended: false, host: { ...thisHost(), pid }, time: Date.now() - 60_000 })
        assert.equal((await store().closeAbandoned('s', Date.now())).length, 1)
      } finally {
        child.kill('SIGKILL')
      }
    })

    it('gives way to another process that does it, until that is long gone', async () => {
      await recordRun({ ended: false, host: gone })
      const lock = absolute('.baton/runs/.closing')
      writeFileSync(lock, '')
      assert.deepEqual(await store().closeAbandoned('s', Date.now()), [])
      assert.equal((await store().closeAbandoned('s', Date.now() + 120_000)).length, 1)
    })

    it('closes each record once when many do it at the same time', async () => {
      for (const id of ['a', 'b', 'c']) await recordRun({ id, ended: false, host: gone })
      await Promise.all(Array.from({ length: 8 }, () => store().closeAbandoned('s', Date.now())))
      assert.deepEqual(await kindsOf(), ['abandoned', 'abandoned', 'abandoned'])
    })
  })

  describe('with other processes', () => {
    const children: ChildProcess[] = []
    const write = (id: string, steps: number, runs: number) => {
      const child = spawn(process.execPath, [writer, root, id, String(steps), String(runs)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      children.push(child)
      return child
    }

    after(() => {
      for (const child of children) child.kill('SIGKILL')
    })

    it('keeps what several write at once', async () => {
      const codes = await Promise.all(['p', 'q'].map((id) => once(write(id, 5, 4), 'exit')))
      assert.deepEqual(
        codes.map(([code]) => code),
        [0, 0],
      )
      const kinds = await kindsOf()
      assert.equal(kinds.length, 8)
      assert.ok(kinds.every((kind) => kind === 'ok'))
    })
  })

  describe('watch', () => {
    it('tells of records in a folder that comes, goes and comes again', async () => {
      let told = 0
      const stop = store().watch(() => {
        told += 1
      })
      const heard = async (what: string, change: () => unknown) => {
        await delay(400)
        const before = told
        await change()
        for (let waited = 0; told === before && waited < 5000; waited += 50) await delay(50)
        assert.ok(told > before, what)
      }
      await heard('the first record', () => recordRun({ id: 'a' }))
      await heard('another month', () => recordRun({ id: 'b', time: Date.UTC(2027, 0, 1) }))
      await heard('a record that grows', () =>
        appendFileSync(absolute('.baton/runs/2027/01/20270101T000000000Z-sato-b.jsonl'), 'x'),
      )
      await heard('a record that goes', () => rmSync(absolute('.baton/runs/2027/01/20270101T000000000Z-sato-b.jsonl')))
      await heard('the folder that goes', () => rmSync(absolute('.baton'), { recursive: true }))
      await heard('a record after that', () => recordRun({ id: 'c' }))
      await heard('one more', () => recordRun({ id: 'd' }))
      await delay(400)
      stop()
      const before = told
      await recordRun({ id: 'e' })
      await delay(400)
      assert.equal(told, before)
    })

    it('tells once of many changes, and of nothing outside', async () => {
      const path = await recordRun({ id: 'a' })
      let told = 0
      const stop = store().watch(() => {
        told += 1
      })
      await delay(300)
      writeFileSync(absolute('other.md'), 'x')
      await delay(300)
      assert.equal(told, 0)
      const copied = readFileSync(absolute(path))
      for (let index = 0; index < 20; index += 1) writeFileSync(absolute(path.replace('-a.', `-n${index}.`)), copied)
      await delay(500)
      assert.ok(told >= 1 && told <= 10, String(told))
      stop()
    })
  })
})
