import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRecordMarks } from '../../../src/machine/records/marks.ts'
import { createRecordStore } from '../../../src/machine/records/store.ts'
import { trustOfRecord, verifyTrust } from '../../../src/machine/records/trust.ts'
import { isUnanchored, isWrong } from '../../../src/record/trust.ts'
import { sato, tanaka, trustedRepository } from '../trusted-repository.ts'

describe('what stands behind a record', function () {
  this.timeout(60_000)
  const { folder, root, git, remote, clone, commit, pushed, act, verify, anchorsOf, allWhole } = trustedRepository()

  describe('git', () => {
    it('vouches for what was pushed, and for nothing else', async () => {
      remote()
      await act('one')
      commit()
      await act('two')
      let report = await verify()
      assert.deepEqual([anchorsOf(report), report.obstacles], [['not-pushed', 'not-pushed'], ['nothing-pushed']])
      pushed()
      report = await verify()
      assert.deepEqual([anchorsOf(report), report.obstacles], [['pushed', 'not-pushed'], []])
      commit()
      assert.deepEqual(anchorsOf(await verify()), ['pushed', 'not-pushed'])
      pushed()
      report = await verify()
      assert.deepEqual(anchorsOf(report), ['pushed', 'pushed'])
      assert.ok(!report.records.some(isUnanchored))
    })

    it('is not there, or there is no repo: that is said, and nothing else fails', async () => {
      await act('one')
      const path = process.env.PATH
      process.env.PATH = join(folder(), 'empty')
      const without = await verify()
      process.env.PATH = path
      assert.deepEqual([anchorsOf(without), without.obstacles], [['not-pushed'], ['git-unavailable']])
      rmSync(join(root(), '.git'), { recursive: true })
      const outside = await verify()
      assert.deepEqual([anchorsOf(outside), outside.obstacles], [['not-pushed'], ['git-unavailable']])
    })

    it('may change line ends: a clone with autocrlf verifies, and is anchored', async () => {
      remote()
      const first = await act('one')
      await act('二')
      commit()
      pushed()
      const windows = clone('windows', sato, '-c', 'core.autocrlf=true')
      assert.ok(readFileSync(join(windows, first), 'utf8').endsWith('\r\n'))
      const report = await verify(windows)
      assert.ok(allWhole(report))
      assert.deepEqual(anchorsOf(report), ['pushed', 'pushed'])
      // Also where git has to read the files again, and where it was told not to look.
      execFileSync('git', ['-C', windows, 'update-index', '--assume-unchanged', first])
      assert.deepEqual(anchorsOf(await verify(windows)), ['pushed', 'pushed'])
    })

    it('merges what two people wrote at once, on either side', async () => {
      remote()
      await act('one')
      commit()
      pushed()
      const other = clone('other', tanaka)
      await act('mine')
      commit()
      await act('theirs', other)
      execFileSync('git', ['-C', other, 'add', '-A'])
      execFileSync('git', ['-C', other, 'commit', '-qm', 'Records'])
      execFileSync('git', ['-C', other, 'push', '-q'])
      git('fetch', '-q')
      git('branch', '-q', '--set-upstream-to', 'origin/main')
      git('merge', '-q', '--no-edit', 'origin/main')
      await act('after')
      let report = await verify()
      assert.ok(allWhole(report))
      assert.deepEqual(anchorsOf(report).toSorted(), ['not-pushed', 'not-pushed', 'pushed', 'pushed'])
      commit()
      pushed()
      execFileSync('git', ['-C', other, 'pull', '-q', '--rebase'], { stdio: 'pipe' })
      report = await verify(other)
      assert.ok(allWhole(report))
      assert.deepEqual(anchorsOf(report), ['pushed', 'pushed', 'pushed', 'pushed'])
    })

    it('vouches in a shallow clone as well', async () => {
      remote()
      for (const text of ['one', 'two', 'three']) {
        await act(text)
        commit()
      }
      pushed()
      const report = await verify(clone('shallow', sato, '--depth', '1'))
      assert.ok(allWhole(report))
      assert.deepEqual(anchorsOf(report), ['pushed', 'pushed', 'pushed'])
    })

    it('knows a record that was written anew, although it was pushed again', async () => {
      remote()
      const path = await act('what was said')
      await act('more')
      commit()
      pushed()
      const before = git('rev-parse', 'HEAD')
      rmSync(join(root(), path))
      const anew = await act('something else')
      writeFileSync(join(root(), path), readFileSync(join(root(), anew)))
      rmSync(join(root(), anew))
      commit()
      pushed()
      const { records } = await verify()
      const found = records.find((record) => record.path === path)
      assert.equal(found?.verification.kind, 'ok')
      assert.deepEqual(found?.anchor, { kind: 'rewritten', commit: before })
      assert.ok(found && isWrong(found))
      assert.equal(records.filter(isWrong).length, 1)
    })

    it('has no complaint about a record that grew after it was pushed', async () => {
      remote()
      const store = createRecordStore({ root: root() })
      const created = await store.create({ id: 'a', operator: 's', time: 0 })
      assert.ok(created.kind === 'created')
      const { createRecorder } = await import('../../../src/record/recorder.ts')
      const recorder = createRecorder(created.file, { parents: [] })
      const runbook = { path: 'a.md', title: 'A', sha256: '' }
      const host = { name: 'h', platform: 'p', pid: 1 }
      const rest = { parameters: {}, secrets: [], origin: 'editor', version: '0' } as const
      await recorder.handle({
        type: 'run-started',
        time: 0,
        run: { id: 'a', runbook, operator: { name: 's' }, host, ...rest },
      })
      commit()
      pushed()
      const counts = { succeeded: 0, failed: 0, skipped: 0, cancelled: 0, 'timed-out': 0 }
      await recorder.handle({ type: 'run-ended', time: 1, outcome: 'succeeded', counts })
      assert.deepEqual(anchorsOf(await verify()), ['not-pushed'])
      commit()
      pushed()
      assert.deepEqual(anchorsOf(await verify()), ['pushed'])
    })

    it('misses a record that was committed and is gone, also the newest', async () => {
      remote()
      await act('one')
      const newest = await act('two')
      commit()
      rmSync(join(root(), newest))
      assert.deepEqual((await verify()).deleted, [newest])
    })
  })

  describe('a mark', () => {
    it('is on records that were changed, and is looked for again when the file is another one', async () => {
      const path = await act('one')
      const file = join(root(), path)
      const marks = createRecordMarks((at) => createRecordStore({ root: at }))
      assert.equal(await marks.of(file), undefined)
      const text = readFileSync(file, 'utf8')
      writeFileSync(file, text.replace('"one"', '"two"'))
      const marked = await marks.of(file)
      assert.deepEqual(marked?.verification, { kind: 'tampered', line: 1, what: 'altered' })
      writeFileSync(file, text)
      assert.equal(await marks.of(file), undefined)
      writeFileSync(`${file}.sig`, 'trust me\n')
      assert.deepEqual((await marks.of(file))?.signature, { kind: 'wrong', reason: 'no-signature' })
      assert.equal((await Promise.all(Array.from({ length: 50 }, () => marks.of(file)))).filter(Boolean).length, 50)
    })
  })

  it('is told of a single record as of all, wherever it is named from', async () => {
    remote()
    const path = await act('one')
    commit()
    pushed()
    const later = await act('two')
    const [first, second] = await Promise.all(
      [path, later].map((name) => trustOfRecord(join(root(), name), (at) => createRecordStore({ root: at }))),
    )
    assert.deepEqual([first?.anchor, second?.anchor], [{ kind: 'pushed' }, { kind: 'not-pushed' }])
    const named = await verifyTrust(createRecordStore({ root: root() }), root(), [join(root(), path)])
    assert.deepEqual(anchorsOf(named), ['pushed'])
  })
})
