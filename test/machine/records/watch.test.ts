import assert from 'node:assert/strict'
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { temporaryRecords } from './temporary-records.ts'

describe('watching records', function () {
  this.timeout(60_000)
  const { store, absolute, recordRun } = temporaryRecords()

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
