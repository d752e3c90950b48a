import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { build } from 'esbuild'
import { createRecordStore } from '../../../src/machine/records/store.ts'

const lanes = 8
const killsOfLane = 25

describe('records of processes that are killed', function () {
  this.timeout(120_000)
  let folder: string
  let writer: string

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'baton-kills-'))
    writer = join(folder, 'writer.mjs')
    // In one file, which starts several times as fast.
    const entry = join(import.meta.dirname, 'writer.ts')
    const banner = {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    }
    await build({ entryPoints: [entry], outfile: writer, bundle: true, platform: 'node', format: 'esm', banner })
  })

  after(() => rmSync(folder, { recursive: true, force: true }))

  /** Kills processes that write records of short runs, one after the other; gives what they said was on the disk. */
  async function kill(root: string): Promise<ReadonlySet<string>> {
    const kept = new Set<string>()
    for (let round = 0; round < killsOfLane; round += 1) {
      const child = spawn(process.execPath, [writer, root, `k${round}`, '2', '1000'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const exit = once(child, 'close')
      let said = ''
      child.stdout.setEncoding('utf8').on('data', (part) => {
        said += part
      })
      // Counted in steps and not in time alone, which says little on a computer that is busy.
      const until = 1 + Math.floor(Math.random() * 6)
      while (said.split('\n').length <= until && child.exitCode === null) await once(child.stdout, 'data')
      await delay(Math.random() * 20)
      child.kill('SIGKILL')
      await exit
      const words = said.split('\n').slice(0, -1)
      for (const word of words) if (word !== 'begun') kept.add(`k${round}-${word}`)
    }
    return kept
  }

  async function checkAfterwards(root: string, kept: ReadonlySet<string>): Promise<number> {
    const store = createRecordStore({ root })
    const before = (await store.verify()).records.map(({ path, verification }) => {
      assert.match(verification.kind, /^(?:ok|incomplete)$/, path)
      return { path, isOpen: verification.kind === 'incomplete', bytes: readFileSync(join(root, path)) }
    })
    const open = before.filter(({ isOpen }) => isOpen).map(({ path }) => path)
    const closed = await store.closeAbandoned('the next start', Date.now())
    assert.deepEqual(
      closed.map((one) => [one.kind, one.path]),
      open.map((path) => ['closed', path]),
    )
    assert.deepEqual(await store.closeAbandoned('the start after that', Date.now()), [])

    const { records, missing } = await store.verify()
    assert.deepEqual(missing, [])
    assert.equal(records.length, before.length)
    const stepsOnRecord = new Set<string>()
    for (const [index, { path, verification }] of records.entries()) {
      const was = before[index]
      assert.equal(verification.kind, was?.isOpen ? 'abandoned' : 'ok', path)
      assert.ok(was && readFileSync(join(root, path)).subarray(0, was.bytes.length).equals(was.bytes), path)
      const { run, steps } = await store.read(path)
      for (const { execution, result } of steps) if (result) stepsOnRecord.add(`${run?.id}-${execution}`)
    }
    assert.deepEqual(
      [...kept].filter((step) => !stepsOnRecord.has(step)),
      [],
    )
    return open.length
  }

  it(`verify and keep every line after ${lanes * killsOfLane} kills at random moments`, async () => {
    const results = await Promise.all(
      Array.from({ length: lanes }, async (_, lane) => {
        const root = join(folder, String(lane))
        const kept = await kill(root)
        return { open: await checkAfterwards(root, kept), kept: kept.size }
      }),
    )
    const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
    // The kills hit what they are meant for: many of them a run that goes on (how many depends on what else this computer
    // does), and many after steps that were on record.
    assert.ok(sum(results.map(({ open }) => open)) > (lanes * killsOfLane) / 5)
    assert.ok(sum(results.map(({ kept }) => kept)) > lanes * killsOfLane)
  })
})
