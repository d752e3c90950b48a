import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { processGone, thisHost } from '../../../src/machine/host.ts'
import { createRecorder } from '../../../src/record/recorder.ts'
import { temporaryRecords } from './temporary-records.ts'

const writer = join(import.meta.dirname, 'writer.ts')

describe('records whose process is gone', function () {
  this.timeout(60_000)
  const { root, store, absolute, textOf, kindsOf, recordRun } = temporaryRecords()

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
      const child = spawn(process.execPath, [writer, root(), id, String(steps), String(runs)], {
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
})
