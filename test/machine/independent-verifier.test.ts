import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRecordStore } from '../../src/machine/record-store.ts'
import { encodeLine, type RecordEntry, sha256 } from '../../src/record/line.ts'
import { createPruner } from '../../src/record/pruner.ts'
import { createRecorder } from '../../src/record/recorder.ts'
import { splitLines } from '../../src/record/split.ts'
import { type Verification, verifyRecord } from '../../src/record/verify.ts'
import { verifyWhole } from '../../src/record/verify-whole.ts'
import { needs } from '../support/needs.ts'
import {
  description,
  memoryFile,
  output,
  record,
  runEnded,
  runStarted,
  smallRun,
  start,
  stepEnded,
  stepStarted,
} from '../unit/record/memory-file.ts'

const python = process.platform === 'win32' ? 'python' : 'python3'
const verifier = join(import.meta.dirname, '../verifier/verify_records.py')

const bytesOf = (text: string) => Buffer.from(text, 'utf8')
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8')
const linesOf = (bytes: Uint8Array) => textOf(bytes).split('\n').slice(0, -1)
const joined = (lines: readonly string[]) => bytesOf(`${lines.join('\n')}\n`)

/** A record of lines that are linked as they have to be, whatever they say. */
function chained(entries: readonly Readonly<Record<string, unknown>>[]): Uint8Array {
  let prev: string | null = null
  const lines = entries.map((entry, seq) => {
    const line: string = JSON.stringify({ seq, prev, time: '2026-09-01T09:30:00.000Z', ...entry })
    prev = sha256(line)
    return line
  })
  return joined(lines)
}

/** The record with lines behind it that were cut, closed as abandoned. */
function abandoned(open: Uint8Array, torn: readonly string[]): Uint8Array {
  const found = verifyRecord(open)
  assert.ok(found.kind === 'incomplete')
  const { lines, head } = found
  const hashes = torn.map((line) => sha256(line))
  const entry: RecordEntry = { type: 'run-abandoned', by: '田中', reason: 'process-gone', torn: hashes }
  const closing = encodeLine(lines + torn.length, head ?? null, start, entry)
  return Buffer.concat([open, ...torn.map((line) => bytesOf(`${line}\n`)), closing.bytes])
}

function act(parents: readonly string[]): Uint8Array {
  const { runbook: _, git: _git, parameters: _parameters, ...witness } = description
  return encodeLine(0, null, start, { type: 'act', act: 'secrets-set', format: 1, ...witness, parents }).bytes
}

async function longOutput(): Promise<Uint8Array> {
  const file = memoryFile()
  const recorder = createRecorder(file, { parents: [], outputLimit: 64 })
  const events = [runStarted, stepStarted(1), output(1, 'あ'.repeat(100)), output(1, 'b'.repeat(90)), stepEnded(1)]
  for (const event of [...events, runEnded]) await recorder.handle(event)
  return file.bytes()
}

/** What a hand, a crash, git or a newer version may make of a record, by name. */
async function fixtures(): Promise<ReadonlyMap<string, Uint8Array>> {
  const all = new Map<string, Uint8Array>()
  const add = (name: string, bytes: Uint8Array) => void all.set(name, bytes)
  const run = await record(smallRun)
  const lines = linesOf(run)
  const open = joined(lines.slice(0, 6))
  add('run', run)
  add('act', act([]))
  add('long-output', await longOutput())
  add('names-the-run', await record(smallRun, [sha256(lines.at(-1) ?? '')]))
  add('names-an-earlier-line', act([sha256(lines[3] ?? '')]))
  add('names-what-is-not-here', await record(smallRun, ['0'.repeat(64)]))
  add('crlf', bytesOf(textOf(run).replaceAll('\n', '\r\n')))
  add('crlf-in-part', bytesOf(textOf(run).replace('\n', '\r\n')))
  add('no-last-line-end', run.subarray(0, -1))
  add('empty', bytesOf(''))
  add('no-record', bytesOf('# Notes\n\n- nothing\n'))
  add(
    'binary',
    Uint8Array.from({ length: 2000 }, (_, index) => (index * 7919) % 256),
  )
  add('byte-order-mark', Buffer.concat([bytesOf('\ufeff'), run]))
  add('utf-16', Buffer.from(textOf(run), 'utf16le'))
  add('abandoned', abandoned(open, []))
  add('abandoned-torn', abandoned(open, ['{"seq":6,"prev":"ab']))
  add('abandoned-torn-twice', abandoned(open, ['{"seq":6,"prev":"ab', '{"seq":7,"ty']))
  add('abandoned-torn-cr', abandoned(open, ['{"seq":6,"prev":"ab\r']))
  add('abandoned-from-nothing', abandoned(bytesOf(''), ['{"seq":0,"pre']))
  add('abandoned-torn-often', abandoned(open, Array(17).fill('{"seq":')))
  add('forged-end-in-output', await record([runStarted, stepStarted(1), output(1, `\n${lines[7]}\n`), stepEnded(1)]))
  const newer = { type: 'run-start', format: 2, id: 'x', operator: { name: 's' }, parents: [], colour: ['green'] }
  add('newer-format', chained([newer, { type: 'step-moved', to: 3 }, { type: 'note', text: 'x', mood: 'calm' }]))
  add('strange-numbers', joined(['{"seq":0.0,"prev":null,"time":"","type":"run-start","x":1e999,"y":-0}']))
  add('number-of-many-digits', joined([`{"seq":0,"prev":null,"time":"","type":"run-start","x":${'9'.repeat(5000)}}`]))
  for (const [name, first] of Object.entries({
    nan: '{"seq":0,"prev":null,"time":"","type":"run-start","x":NaN}',
    'seq-true': '{"seq":true,"prev":null,"time":"","type":"run-start"}',
    'seq-text': '{"seq":"0","prev":null,"time":"","type":"run-start"}',
    'seq-half': '{"seq":0.5,"prev":null,"time":"","type":"run-start"}',
    'seq-minus': '{"seq":-1,"prev":null,"time":"","type":"run-start"}',
    'no-prev': '{"seq":0,"time":"","type":"run-start"}',
    'prev-number': '{"seq":0,"prev":1,"time":"","type":"run-start"}',
    'time-number': '{"seq":0,"prev":null,"time":0,"type":"run-start"}',
    'seal-null': '{"seq":0,"prev":null,"time":"","type":"run-start","seal":null}',
    list: '[0,null,"","run-start"]',
    'tab-in-text': '{"seq":0,"prev":null,"time":"\t","type":"run-start"}',
    spaces: ' { "seq" : 0 , "prev" : null , "time" : "" , "type" : "run-start" } ',
    'twice-a-field': '{"seq":7,"seq":0,"prev":null,"time":"","type":"run-start"}',
    surrogate: '{"seq":0,"prev":null,"time":"\\ud800","type":"run-start"}',
    step: '{"seq":0,"prev":null,"time":"","type":"step-start"}',
  })) {
    add(`first-${name}`, joined([first]))
    add(`first-${name}-and-more`, joined([first, ...lines.slice(1)]))
  }
  const kinds = { run, act: act([]), abandoned: all.get('abandoned-torn-twice') ?? open, open }
  for (const [name, good] of Object.entries(kinds)) mutations(name, good, add)
  return all
}

/** Every byte changed, every cut, and lines taken out, doubled, swapped, put in, moved and exchanged. */
function mutations(name: string, good: Uint8Array, add: (name: string, bytes: Uint8Array) => void): void {
  const nasty = [0x20, 0x0d, 0x22, 0x7b, 0x7d, 0x30, 0xff, 0, 0x0a]
  for (let at = 0; at < good.length; at += 3) {
    const changed = new Uint8Array(good)
    changed[at] = nasty[(at / 3) % nasty.length] ?? 0
    add(`${name}-byte-${at}`, changed)
    add(`${name}-cut-${at}`, good.subarray(0, at))
  }
  const lines = linesOf(good)
  for (const [index, line] of lines.entries()) {
    const prev = sha256(lines[index - 1] ?? '')
    const linked = `{"seq":${index},"prev":"${prev}","time":"","type":"note","text":"x"}`
    const sealed = textOf(encodeLine(index, prev, start, closing).bytes).trimEnd()
    add(`${name}-without-${index}`, joined(lines.toSpliced(index, 1)))
    add(`${name}-twice-${index}`, joined(lines.toSpliced(index, 0, line)))
    add(`${name}-swapped-${index}`, joined(lines.toSpliced(index, 2, lines[index + 1] ?? '', line)))
    for (const [kind, forged] of Object.entries({ linked, sealed, junk: 'junk', empty: '', other: '{"note":1}' })) {
      add(`${name}-${kind}-before-${index}`, joined(lines.toSpliced(index, 0, forged)))
      add(`${name}-${kind}-for-${index}`, joined(lines.with(index, forged)))
      add(`${name}-${kind}-behind-${index}`, joined([...lines.slice(0, index + 1), forged]))
      add(`${name}-${kind}-behind-half-${index}`, joined([...lines.slice(0, index), line.slice(0, 40), forged]))
    }
    add(`${name}-type-of-${index}`, joined(lines.with(index, line.replace(/"type":"[^"]*"/, '"type":"note"'))))
    add(`${name}-end-at-${index}`, joined(lines.with(index, line.replace(/"type":"[^"]*"/, '"type":"run-end"'))))
    add(`${name}-seq-of-${index}`, joined(lines.with(index, line.replace(/"seq":\d+/, '"seq":3'))))
  }
}

const closing: RecordEntry = {
  type: 'run-end',
  outcome: 'succeeded',
  counts: { succeeded: 1, failed: 0, skipped: 0, cancelled: 0, 'timed-out': 0 },
  durationMs: 1,
}

/** What both are to say: the verdict, and the line where something was changed. */
function verdictOf(found: Verification): readonly [string, number | null] {
  return [found.kind, found.kind === 'tampered' ? found.line : null]
}

describe('the independent verifier', function () {
  this.timeout(120_000)
  let folder: string

  before(function () {
    needs(this, spawnSync(python, ['--version']).status === 0 ? undefined : 'Python 3')
    folder = mkdtempSync(join(tmpdir(), 'baton-verifier-'))
  })

  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true })
  })

  function independent(files: readonly string[]): readonly (readonly unknown[])[] {
    const options = { input: files.join('\n'), encoding: 'utf8', maxBuffer: 1 << 28 } as const
    const answer = execFileSync(python, [verifier], options)
    return answer
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
  }

  it('agrees on every fixture: the verdict, and the line', async () => {
    const all = await fixtures()
    mkdirSync(join(folder, 'all'))
    const files = [...all].map(([name, bytes], index) => {
      const file = join(folder, 'all', `${index}-${name}.jsonl`)
      writeFileSync(file, bytes)
      return file
    })
    const found = independent(files).filter(([word]) => word !== 'missing')
    const kinds = new Map<string, number>()
    for (const [index, [name, bytes]] of [...all].entries()) {
      const own = verifyRecord(bytes)
      const expected = verdictOf(own)
      assert.deepEqual(found[index]?.slice(1), expected, `${name}: ${textOf(bytes).slice(0, 3000)}`)
      // What is read at once is read alike.
      const whole = verifyWhole(bytes)
      if (whole) assert.deepEqual(verdictOf(whole.verification), expected, name)
      if (own.kind === 'tampered') assert.ok(own.line >= 1 && own.line <= splitLines(bytes).length, name)
      kinds.set(own.kind, (kinds.get(own.kind) ?? 0) + 1)
    }
    // None of the verdicts is the only one.
    for (const kind of ['ok', 'abandoned', 'incomplete', 'tampered']) assert.ok((kinds.get(kind) ?? 0) > 5, kind)
  })

  it('agrees on which record is missing', async () => {
    const run = await record(smallRun)
    const hash = (line: number) => sha256(linesOf(run)[line] ?? '')
    const files = { run, later: await record(smallRun, [hash(7)]), act: act([hash(3), 'f'.repeat(64)]) }
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, `${name}.jsonl`), bytes)
    const here = (...names: readonly string[]) => independent(names.map((name) => join(folder, `${name}.jsonl`)))
    const missing = (found: readonly (readonly unknown[])[]) => found.filter(([word]) => word === 'missing')
    assert.deepEqual(missing(here('run', 'later', 'act')), [['missing', 'f'.repeat(64)]])
    assert.deepEqual(
      missing(here('later', 'act'))
        .map(([, head]) => head)
        .sort(),
      [hash(7), hash(3), 'f'.repeat(64)].sort(),
    )
  })

  it('agrees on which output was pruned, and which was taken out', async () => {
    const run = await record(smallRun)
    const lines = linesOf(run)
    const parts: Uint8Array[] = []
    const pruner = createPruner((bytes) => parts.push(new Uint8Array(bytes)))
    pruner.push(run)
    const pruned = Buffer.concat(parts)
    const { runbook: _, git: _git, parameters: _parameters, secrets: _secrets, ...witness } = description
    const vouching = (sha256OfFile: string) => {
      const one = { run: description.id, head: sha256(lines[7] ?? ''), ...pruner.taken(), sha256: sha256OfFile }
      const entry = { type: 'act', act: 'output-pruned', format: 1, ...witness, parents: [], pruned: [one] } as const
      return encodeLine(0, null, start, entry).bytes
    }
    const vouched = vouching(sha256(pruned))
    const stubs = linesOf(pruned)
    const states = {
      pruned,
      crlf: bytesOf(textOf(pruned).replaceAll('\n', '\r\n')),
      'one-line': joined(lines.with(2, stubs[2] ?? '')),
      bytes: bytesOf(textOf(pruned).replace('"bytes":6', '"bytes":7')),
      type: bytesOf(textOf(pruned).replace('"type":"output"', '"type":"note"')),
      text: bytesOf(textOf(pruned).replace('"bytes":6', '"text":""')),
      'text-null': bytesOf(textOf(pruned).replace('"bytes":6', '"text":null')),
      hash: bytesOf(textOf(pruned).replace(/"pruned":"../, '"pruned":"00')),
      open: joined(stubs.slice(0, 6)),
      whole: run,
    }
    const acts = { vouched, none: act([]), other: vouching('0'.repeat(64)), broken: vouched.subarray(0, -9) }
    const verdicts = new Set<string>()
    for (const [by, bytes] of Object.entries(acts)) {
      for (const [name, state] of Object.entries(states)) {
        if (by !== 'vouched' && name !== 'pruned') continue
        const root = join(folder, `pruned-${by}-${name}`)
        const paths = ['.baton/runs/2026/09/a.jsonl', '.baton/runs/2026/09/b.jsonl']
        mkdirSync(join(root, '.baton/runs/2026/09'), { recursive: true })
        writeFileSync(join(root, paths[0] ?? ''), state)
        writeFileSync(join(root, paths[1] ?? ''), bytes)
        const own = (await createRecordStore({ root }).verify()).records.map(({ verification }) =>
          verification.kind === 'unreadable' ? [] : verdictOf(verification),
        )
        const theirs = independent(paths.map((path) => join(root, path))).filter(([word]) => word !== 'missing')
        assert.deepEqual(
          theirs.map(([, ...verdict]) => verdict),
          own,
          `${name}, ${by}`,
        )
        verdicts.add(`${name} ${by} ${own[0]?.join(' ')}`)
      }
    }
    assert.ok(verdicts.has('pruned vouched ok '))
    assert.ok(verdicts.has('pruned none tampered 3'))
    assert.ok(verdicts.has('pruned other tampered 3'))
    assert.ok(verdicts.has('pruned broken tampered 3'))
    assert.ok(verdicts.has('one-line vouched tampered 3'))
    assert.ok(verdicts.has('whole vouched ok '))
  })
})
