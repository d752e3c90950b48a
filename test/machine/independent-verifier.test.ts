import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeLine, type RecordEntry, sha256 } from '../../src/record/line.ts'
import { createPruner } from '../../src/record/pruner.ts'
import { createRecorder } from '../../src/record/recorder.ts'
import { splitLines } from '../../src/record/split.ts'
import { verifyRecord } from '../../src/record/verify.ts'
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
import { baton } from './cli/baton.ts'

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

interface Finding {
  readonly path: string
  readonly result: string
  /** The first that breaks a rule, or 0. */
  readonly line: number
  /** What is wrong with attachments, by their names. */
  readonly attachments: readonly (readonly [string, string])[]
}

describe('the independent verifier', function () {
  this.timeout(120_000)
  let folder: string

  before(function () {
    const hasPython = spawnSync(python, ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))']).status === 0
    needs(this, hasPython ? undefined : 'Python 3.10')
    folder = mkdtempSync(join(tmpdir(), 'baton-verifier-'))
  })

  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true })
  })

  const month = '.baton/runs/2026/09'

  /** A folder that stands for a repo, with records under these names. */
  function repoOf(name: string, records: Iterable<readonly [string, Uint8Array]>): string {
    const root = join(folder, name)
    mkdirSync(join(root, month), { recursive: true })
    for (const [record, bytes] of records) writeFileSync(join(root, month, `${record}.jsonl`), bytes)
    return root
  }

  /** What both say of all records of a repo: the same, or this fails. */
  async function bothOn(root: string): Promise<{ findings: ReadonlyMap<string, Finding>; missing: readonly string[] }> {
    const { stdout } = await baton(['verify', '--json'], { cwd: root })
    const own: {
      records: (Omit<Finding, 'line' | 'attachments'> & {
        line?: number
        attachments?: { name: string; what: string }[]
      })[]
      missing: { head: string }[]
    } = JSON.parse(stdout)
    const options = { cwd: root, input: own.records.map(({ path }) => path).join('\n'), maxBuffer: 1 << 28 }
    const answer = execFileSync(python, [verifier], { ...options, encoding: 'utf8' })
    const answers = answer
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
    const missing = own.missing.map(({ head }) => head).sort()
    assert.deepEqual(answers.at(-1), { missing })
    const theirs = answers.slice(0, -1) as Finding[]
    assert.equal(theirs.length, own.records.length)
    for (const [index, { path, result, line = 0, attachments = [] }] of own.records.entries()) {
      const found = theirs[index] ?? assert.fail()
      const faults = attachments.map(({ name, what }) => [name, what])
      assert.deepEqual({ ...found, line: 0 }, { path, result, line: 0, attachments: faults })
      // Baton names the line that was changed, the other one that where a rule is broken first.
      assert.equal(found.line === 0, line === 0, path)
    }
    const named = theirs.map((one) => [one.path.slice(month.length + 1, -'.jsonl'.length), one] as const)
    return { findings: new Map(named), missing }
  }

  const resultsOf = (findings: ReadonlyMap<string, Finding>) =>
    Object.fromEntries(Array.from(findings, ([name, { result }]) => [name, result]))

  it('agrees on every fixture', async () => {
    const all = await fixtures()
    const { findings } = await bothOn(repoOf('all', all))
    const kinds = new Map<string, number>()
    for (const [name, bytes] of all) {
      const result = findings.get(name)?.result ?? ''
      const own = verifyRecord(bytes)
      assert.equal(own.kind, result, name)
      if (own.kind === 'tampered') assert.ok(own.line >= 1 && own.line <= splitLines(bytes).length, name)
      // What is read at once is read alike.
      const whole = verifyWhole(bytes)
      if (whole) assert.equal(whole.verification.kind, result, name)
      kinds.set(result, (kinds.get(result) ?? 0) + 1)
    }
    // None of the verdicts is the only one.
    for (const kind of ['ok', 'abandoned', 'incomplete', 'tampered']) assert.ok((kinds.get(kind) ?? 0) > 5, kind)
  })

  it('agrees on which record is missing', async () => {
    const run = await record(smallRun)
    const hash = (line: number) => sha256(linesOf(run)[line] ?? '')
    const later: readonly [string, Uint8Array] = ['later', await record(smallRun, [hash(7)])]
    const witness: readonly [string, Uint8Array] = ['act', act([hash(3), 'f'.repeat(64)])]
    const all = await bothOn(repoOf('nothing-but-one-missing', [['run', run], later, witness]))
    assert.deepEqual(all.missing, ['f'.repeat(64)])
    const without = await bothOn(repoOf('run-missing', [later, witness]))
    assert.deepEqual(without.missing, [hash(3), hash(7), 'f'.repeat(64)].sort())
  })

  it('agrees on attachments: as they were, changed, missing, and led out of their folder', async () => {
    const text = 'as it\nwas\n'
    const attached = (name: unknown, content = text): Record<string, unknown> => {
      return { name, bytes: content.length, sha256: sha256(content) }
    }
    const recordOf = (...attachments: readonly unknown[]) => {
      const bytes = chained([
        { type: 'run-start', format: 1, parents: [] },
        { type: 'step-end', execution: 1, attachments },
        { type: 'note', text: 'x' },
      ])
      return abandoned(bytes, [])
    }
    const one = recordOf(attached('photo.txt'))
    const names = ['kept', 'crlf', 'changed', 'missing', 'folder-missing', 'a-folder', 'a-link', 'folder-is-link']
    const strange = [
      '../kept.jsonl',
      '..',
      '.',
      '',
      'a/photo.txt',
      'a\\photo.txt',
      'c:photo.txt',
      'nul\0',
      '/etc/hosts',
    ]
    const root = repoOf('attachments', [
      ...names.map((name) => [name, one] as const),
      ['strange-names', recordOf(...strange.map((name) => attached(name)))],
      ['no-names', recordOf(attached(1), 'photo.txt', null, { name: 'photo.txt' }, { ...attached('x'), sha256: 1 })],
      ['several', recordOf(attached('photo.txt'), attached('photo.txt', 'another'), attached('写真 1.png'))],
      ['no-list', recordOf()],
      ['tampered', bytesOf(textOf(one).replace('"execution":1', '"execution":2'))],
    ])
    const put = (name: string, content: string, file = 'photo.txt') => {
      mkdirSync(join(root, month, name), { recursive: true })
      writeFileSync(join(root, month, name, file), content)
    }
    for (const name of ['kept', 'several', 'strange-names']) put(name, text)
    put('crlf', text.replaceAll('\n', '\r\n'))
    put('changed', 'as it is\n')
    put('missing', text, 'other.txt')
    mkdirSync(join(root, month, 'a-folder/photo.txt'), { recursive: true })
    if (process.platform !== 'win32') {
      mkdirSync(join(root, month, 'a-link'))
      symlinkSync('../kept/photo.txt', join(root, month, 'a-link/photo.txt'))
      symlinkSync('kept', join(root, month, 'folder-is-link'))
      // Whoever opens it waits for ever.
      mkdirSync(join(root, month, 'folder-missing'))
      execFileSync('mkfifo', [join(root, month, 'folder-missing/photo.txt')])
    }
    const { findings } = await bothOn(root)
    const faults = (name: string) => findings.get(name)?.attachments
    for (const name of ['kept', 'crlf', 'no-names', 'no-list', 'tampered']) assert.deepEqual(faults(name), [], name)
    assert.deepEqual(faults('changed'), [['photo.txt', 'changed']])
    for (const name of names.slice(3)) assert.deepEqual(faults(name), [['photo.txt', 'missing']], name)
    assert.deepEqual(
      faults('strange-names'),
      strange.map((name) => [name, 'missing']),
    )
    assert.deepEqual(faults('several'), [
      ['photo.txt', 'changed'],
      ['写真 1.png', 'missing'],
    ])
    assert.equal(findings.get('tampered')?.result, 'tampered')
  })

  it('agrees on which output was pruned, and which was taken out', async () => {
    const differed = { outcome: 'failed', difference: '-expected\n+hello\n' } as const
    const run = await record(smallRun.with(3, { ...stepEnded(1), ...differed }))
    const lines = linesOf(run)
    const parts: Uint8Array[] = []
    const pruner = createPruner((bytes) => parts.push(new Uint8Array(bytes)))
    pruner.push(run)
    const pruned = Buffer.concat(parts)
    const { runbook: _, git: _git, parameters: _parameters, secrets: _secrets, ...witness } = description
    const vouching = (...files: readonly Uint8Array[]) => {
      const head = sha256(lines[7] ?? '')
      const named = files.map((file) => ({ run: description.id, head, ...pruner.taken(), sha256: sha256(file) }))
      const entry = { type: 'act', act: 'output-pruned', format: 1, ...witness, parents: [], pruned: named } as const
      return encodeLine(0, null, start, entry).bytes
    }
    const stubs = linesOf(pruned)
    assert.equal(pruner.taken().lines, 3)
    const changed = (from: string | RegExp, to: string) => bytesOf(textOf(pruned).replace(from, to))
    const states = {
      pruned,
      crlf: bytesOf(textOf(pruned).replaceAll('\n', '\r\n')),
      whole: run,
      'one-line': joined(lines.with(2, stubs[2] ?? '')),
      'the-difference': joined(lines.with(3, stubs[3] ?? '')),
      bytes: changed('"bytes":6', '"bytes":7'),
      type: changed('"type":"output"', '"type":"note"'),
      text: changed('"bytes":6', '"text":""'),
      'text-null': changed('"bytes":6', '"text":null'),
      difference: changed('"bytes":17', '"difference":""'),
      hash: changed(/"pruned":"../, '"pruned":"00'),
      'ending-hash': changed(/"pruned":".{4}(?=[^}]*"bytes":17\})/, '"pruned":"0000'),
      open: joined(stubs.slice(0, 6)),
    }
    const vouched = await bothOn(repoOf('pruned', [['act', vouching(pruned)], ...Object.entries(states)]))
    const tampered = Object.keys(states)
      .slice(3)
      .map((name) => [name, 'tampered'])
    assert.deepEqual(resultsOf(vouched.findings), {
      act: 'ok',
      pruned: 'ok',
      crlf: 'ok',
      whole: 'ok',
      ...Object.fromEntries(tampered),
    })
    assert.equal(vouched.findings.get('the-difference')?.line, 4)
    for (const [by, bytes] of Object.entries({
      none: act([]),
      other: vouching(run),
      broken: vouching(pruned).subarray(0, -9),
      'no-act': bytesOf(textOf(vouching(pruned)).replace('"act":"output-pruned"', '"act":"output-other"')),
    })) {
      const { findings } = await bothOn(
        repoOf(`pruned-${by}`, [
          ['act', bytes],
          ['pruned', pruned],
        ]),
      )
      assert.equal(findings.get('pruned')?.result, 'tampered', by)
      assert.equal(findings.get('pruned')?.line, 3, by)
    }
  })
})
