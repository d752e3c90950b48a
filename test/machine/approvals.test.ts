import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApprovals } from '../../src/machine/approvals.ts'
import { stateFolder } from '../../src/machine/state-folder.ts'
import { needsUnix } from '../support/needs.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const entry = (place: string, text: string) => ({ place, text, sha256: sha256(text) })

describe('approvals', function () {
  this.timeout(60_000)
  let root: string
  let folder: string
  let file: string

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'baton-approvals-'))
    folder = join(root, 'state', 'baton')
    file = join(folder, 'approvals.jsonl')
  })

  afterEach(() => {
    chmodSync(root, 0o755)
    rmSync(root, { recursive: true, force: true })
  })

  const approvals = () => createApprovals({ folder })

  it('knows what was approved, in whatever place, and what was approved last in this one', async () => {
    const one = approvals()
    assert.deepEqual(await one.find('a.md#x', sha256('echo 1')), { approved: false })
    await one.add([entry('a.md#x', 'echo 1'), entry('a.md#y', 'echo 佐藤\n"2"')])
    for (const some of [one, approvals()]) {
      assert.deepEqual(await some.find('a.md#x', sha256('echo 1')), { approved: true, previous: 'echo 1' })
      assert.deepEqual(await some.find('b.md#x', sha256('echo 1')), { approved: true })
      assert.deepEqual(await some.find('a.md#y', sha256('other')), { approved: false, previous: 'echo 佐藤\n"2"' })
    }
    await one.add([entry('a.md#x', 'echo 3')])
    for (const some of [one, approvals()]) {
      assert.deepEqual(await some.find('a.md#x', sha256('echo 1')), { approved: true, previous: 'echo 3' })
    }
  })

  it('sees what another one approves meanwhile', async () => {
    const [editor, commandLine] = [approvals(), approvals()]
    await editor.add([entry('x', 'one')])
    assert.equal((await commandLine.find('x', sha256('one'))).approved, true)
    await commandLine.add([entry('x', 'two')])
    assert.deepEqual(await editor.find('x', sha256('two')), { approved: true, previous: 'two' })
    rmSync(file)
    assert.equal((await approvals().find('x', sha256('two'))).approved, false)
    assert.equal((await editor.find('x', sha256('one'))).approved, true, 'what it was told itself')
    assert.equal((await editor.find('x', sha256('two'))).approved, false)
  })

  it('is this user’s alone', async function () {
    needsUnix(this, 'Windows has no modes of files')
    await approvals().add([entry('x', 'one')])
    assert.deepEqual([statSync(folder).mode & 0o777, statSync(file).mode & 0o777], [0o700, 0o600])
  })

  it('keeps what several processes approve at once', async () => {
    const program = join(import.meta.dirname, 'approver.ts')
    const children = ['p', 'q', 'r'].map((name) =>
      spawn(process.execPath, [program, folder, name, '200'], { stdio: ['ignore', 'ignore', 'inherit'] }),
    )
    const codes = await Promise.all(children.map((child) => once(child, 'exit')))
    assert.deepEqual(
      codes.map(([code]) => code),
      [0, 0, 0],
    )
    const all = approvals()
    for (const name of ['p', 'q', 'r']) {
      for (let index = 0; index < 200; index += 1) {
        const { approved } = await all.find('x', sha256(`${name} ${index} ${'あ'.repeat(500)}`))
        assert.ok(approved, `${name} ${index}`)
      }
      assert.match((await all.find(`${name}-9`, '')).previous ?? '', new RegExp(`^${name} 199 `))
    }
  })

  it('survives a process that is killed while it writes', async () => {
    const program = join(import.meta.dirname, 'approver.ts')
    const child = spawn(process.execPath, [program, folder, 'k', '100000'], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    await new Promise((resolve) => setTimeout(resolve, 150))
    child.kill('SIGKILL')
    await once(child, 'exit')
    const one = approvals()
    await one.add([entry('x', 'after')])
    assert.deepEqual(await approvals().find('x', sha256('after')), { approved: true, previous: 'after' })
  })

  it('reads past damage: torn lines, other things, a wrong encoding', async () => {
    await approvals().add([entry('x', 'one')])
    for (const damage of [
      '{"sha256":"ab',
      '\n\0\0\0\0\n',
      `\n${JSON.stringify({ sha256: 'short', place: 'x', text: 'bad' })}\n`,
      `\n${JSON.stringify({ sha256: sha256('bad'), place: 7, text: 'bad' })}\n`,
      '\n[1]\nnull\n"x"\n',
      Buffer.from([0xff, 0xfe, 10, 0x80]),
      'x'.repeat(9 * 1024 * 1024),
    ]) {
      appendFileSync(file, damage)
      const one = approvals()
      await one.add([entry('y', `after ${damage.length}`)])
      assert.deepEqual(await approvals().find('x', sha256('one')), { approved: true, previous: 'one' })
      assert.deepEqual(await one.find('y', sha256(`after ${damage.length}`)), {
        approved: true,
        previous: `after ${damage.length}`,
      })
      assert.equal((await one.find('x', sha256('bad'))).approved, false)
    }
    writeFileSync(file, 'no approvals at all')
    assert.equal((await approvals().find('x', sha256('one'))).approved, false)
  })

  it('holds for this process where nothing can be written', async () => {
    writeFileSync(join(root, 'state'), 'a file')
    const one = approvals()
    await one.add([entry('x', 'one')])
    assert.deepEqual(await one.find('x', sha256('one')), { approved: true, previous: 'one' })
    assert.deepEqual(await approvals().find('x', sha256('one')), { approved: false })
    rmSync(join(root, 'state'))
    await one.add([entry('x', 'two')])
    assert.deepEqual(await approvals().find('x', sha256('two')), { approved: true, previous: 'two' })
  })

  it('approves a huge text without keeping it', async () => {
    const huge = 'x'.repeat(1024 * 1024)
    await approvals().add([entry('x', huge)])
    assert.deepEqual(await approvals().find('x', sha256(huge)), { approved: true })
    assert.ok(statSync(file).size < 1000)
  })

  it('writes nothing for what is approved already', async () => {
    await approvals().add([entry('x', 'one')])
    const { size } = statSync(file)
    await approvals().add([entry('x', 'one')])
    assert.equal(statSync(file).size, size)
  })

  it('is compacted, forgets no hash, and others notice that the file is another one', async () => {
    const [one, other] = [approvals(), approvals()]
    const textOf = (index: number) => `${index} ${'x'.repeat(20_000)}`
    await one.add([entry('a', 'first')])
    assert.equal((await other.find('a', '')).previous, 'first')
    for (let index = 0; index < 200; index += 1) await one.add([entry(`p${index % 3}`, textOf(index))])
    assert.ok(statSync(file).size < 2 * 1024 * 1024, `${statSync(file).size} bytes`)
    assert.deepEqual(readdirSync(folder), ['approvals.jsonl'])
    for (const some of [one, other, approvals()]) {
      assert.deepEqual(await some.find('a', sha256('first')), { approved: true, previous: 'first' })
      for (let index = 0; index < 200; index += 1) {
        const found = await some.find(`p${index % 3}`, sha256(textOf(index)))
        assert.deepEqual(found, { approved: true, previous: textOf(197 + ((index + 1) % 3)) })
      }
    }
  })

  it('does without a lock that a process left that was killed, and takes it later', async () => {
    await approvals().add([entry('a', 'first')])
    const lock = join(folder, 'approvals.jsonl.lock')
    writeFileSync(lock, '')
    const one = approvals()
    await one.add([entry('p', 'written without the lock')])
    assert.equal((await approvals().find('p', sha256('written without the lock'))).approved, true)
    assert.deepEqual(readdirSync(folder), ['approvals.jsonl', 'approvals.jsonl.lock'])
    utimesSync(lock, 0, 0)
    const begin = performance.now()
    await one.add([entry('p', 'written with it')])
    assert.ok(performance.now() - begin < 1000)
    assert.deepEqual(readdirSync(folder), ['approvals.jsonl'])
  })

  it('stays fast with 100,000 of them', async () => {
    const lines = Array.from({ length: 100_000 }, (_, index) => {
      const text = `echo ${index} ${'あいう'.repeat(30)}`
      return JSON.stringify({ sha256: sha256(text), place: `repo/runbook-${index % 5000}.md#step`, text })
    })
    await approvals().add([entry('a', 'first')])
    appendFileSync(file, `${lines.join('\n')}\n`)
    const parsing = performance.now()
    for (const line of lines) JSON.parse(line)
    const floor = performance.now() - parsing
    const one = approvals()
    const begin = performance.now()
    assert.equal((await one.find('a', sha256('first'))).approved, true)
    const cold = performance.now() - begin
    assert.ok(cold < 12 * floor + 200, `${cold} ms to load, ${floor} ms to parse`)
    const again = performance.now()
    for (let index = 0; index < 100; index += 1) await one.find('repo/runbook-1.md#step', sha256('x'))
    const warm = (performance.now() - again) / 100
    assert.ok(warm < Math.max(5, cold / 20), `${warm} ms each`)
    await one.add([entry('b', 'second')])
    const { size } = statSync(file)
    assert.ok(size < 20_000_000, `${size} bytes after compaction`)
    assert.equal((await approvals().find('b', sha256('second'))).approved, true)
    assert.equal((await approvals().find('b', sha256(`echo 77 ${'あいう'.repeat(30)}`))).approved, true)
  })
})

describe('stateFolder', () => {
  const cases: readonly (readonly [NodeJS.Platform, Record<string, string>, string, string])[] = [
    ['linux', {}, '/home/sato', '/home/sato/.local/state/baton'],
    ['linux', { XDG_STATE_HOME: '/var/x' }, '/home/sato', '/var/x/baton'],
    ['linux', { XDG_STATE_HOME: 'relative' }, '/home/sato', '/home/sato/.local/state/baton'],
    ['darwin', { XDG_STATE_HOME: '/var/x' }, '/Users/sato', '/Users/sato/Library/Application Support/baton'],
    [
      'win32',
      { LOCALAPPDATA: 'C:\\Users\\佐藤\\AppData\\Local' },
      'C:\\Users\\佐藤',
      'C:\\Users\\佐藤\\AppData\\Local\\baton',
    ],
    ['win32', {}, 'C:\\Users\\佐藤', 'C:\\Users\\佐藤\\AppData\\Local\\baton'],
  ]
  for (const [platform, env, home, folder] of cases) {
    it(`${platform}: ${folder}`, () => assert.equal(stateFolder(env, platform, home), folder))
  }
})
