import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { thisHost } from '../../../src/machine/host.ts'
import { recordAct } from '../../../src/machine/records/act.ts'
import { createRecordStore } from '../../../src/machine/records/store.ts'
import { createRecorder } from '../../../src/record/recorder.ts'
import { temporaryRecords } from './temporary-records.ts'

const noCounts = { succeeded: 0, failed: 0, skipped: 0, cancelled: 0, 'timed-out': 0 }

describe('record store', function () {
  this.timeout(60_000)
  const { root, store, absolute, textOf, kindsOf, recordRun } = temporaryRecords()

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
      assert.equal(await recordAct(store(), root(), act, by), undefined)
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
      const failure = await recordAct(store(), root(), act, by)
      assert.deepEqual([failure?.problem.code, failure?.problem.values.reason], ['record-unwritable', 'ENOTDIR'])
      rmSync(absolute('.baton'))
      await recordAct(store(), root(), act, by)
      assert.equal(files().length, 1, files().join())
      if (process.getuid?.() === 0) return
      chmodSync(absolute(`.baton/runs/${files()[0]?.slice(0, 7)}`), 0o500)
      assert.equal((await recordAct(store(), root(), act, by))?.problem.values.reason, 'EACCES')
      assert.equal(files().length, 1)
    })

    it('is kept once for each of several that happen at once', async () => {
      const one = store()
      await Promise.all(Array.from({ length: 20 }, () => recordAct(one, root(), act, by)))
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
      const growing = createRecordStore({ root: root() })
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

    it('says of a folder that nobody may read that there is no permission', async function () {
      if (process.platform === 'win32') {
        console.log('      skipped: permissions of POSIX')
        return this.skip()
      }
      const path = await recordRun()
      const folder = dirname(absolute(path))
      chmodSync(folder, 0o000)
      chmodSync(root(), 0o755)
      // Root may read everything: nobody may not.
      const asRoot = process.getuid?.() === 0
      if (asRoot) process.seteuid?.(65534)
      const { records } = await store()
        .verify()
        .finally(() => {
          if (asRoot) process.seteuid?.(0)
          chmodSync(folder, 0o755)
        })
      assert.deepEqual(
        records.map(({ path: place, verification }) => [place, verification]),
        [[dirname(path), { kind: 'unreadable', reason: 'EACCES' }]],
      )
    })

    it('accepts a checkout of git with CRLF', async () => {
      const path = await recordRun()
      const git = (...args: string[]) =>
        execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@y', ...args], { cwd: root() })
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
})
