import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { SecretsAct, Witness } from '../../../src/record/act.ts'
import { encodeLine, sha256 } from '../../../src/record/line.ts'
import { createSummarizer, summarizeRecord } from '../../../src/record/summarizer.ts'
import { runsAmong } from '../../../src/record/summary.ts'
import { readTranscript } from '../../../src/record/transcript.ts'
import { createVerifier, verifyRecord } from '../../../src/record/verify.ts'
import { actSentence } from '../../../src/wording/acts.ts'
import { createTranslator } from '../../../src/wording/translate.ts'
import { description, record, runStarted, smallRun, start } from './memory-file.ts'

const { id, operator, host, origin, version } = description
const recipient = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p'

const act: SecretsAct & Witness = {
  id,
  act: 'secrets-exported',
  secrets: ['LDAP_PASSWORD', 'API_KEY'],
  to: [recipient],
  file: 'for-suzuki.age',
  operator,
  host,
  origin,
  version,
}

const bytes = encodeLine(0, null, start, { type: 'act', format: 1, ...act, parents: ['h0', 'h1'] }).bytes
const textOf = (line: Uint8Array) => Buffer.from(line).toString('utf8')
const bytesOf = (text: string) => new TextEncoder().encode(text)

describe('the record of an act', () => {
  it('is one line that begins and closes it, and names the heads before it', () => {
    const verifier = createVerifier()
    verifier.push(bytes)
    assert.deepEqual(verifier.end(), { kind: 'ok', lines: 1, head: sha256(bytes.subarray(0, -1)) })
    assert.deepEqual(verifier.parents(), ['h0', 'h1'])
    assert.match(textOf(bytes), /^\{"seq":0,"prev":null,"time":"2026-09-01T09:30:00\.000Z","type":"act","format":1,/)
  })

  it('shows every byte that was changed', () => {
    for (let at = 0; at < bytes.length - 1; at += 1) {
      for (const other of [(bytes[at] ?? 0) ^ 1, 0x20, 0x0a]) {
        if (other === bytes[at]) continue
        const changed = Uint8Array.from(bytes)
        changed[at] = other
        const found = verifyRecord(changed)
        assert.ok(found.kind === 'tampered' && found.line === 1, `byte ${at} became ${other}: ${found.kind}`)
      }
    }
  })

  it('shows a place, a predecessor and a seal that are not its own', () => {
    const moved = textOf(bytes).replace('"seq":0', '"seq":1')
    assert.equal(verifyRecord(bytesOf(moved)).kind, 'tampered')
    const sealed = (seq: number, prev: string | null) =>
      verifyRecord(encodeLine(seq, prev, start, { type: 'act', format: 1, ...act, parents: [] }).bytes)
    assert.deepEqual(sealed(1, null), { kind: 'tampered', line: 1, what: 'lines-missing' })
    assert.deepEqual(sealed(0, 'ab'.repeat(32)), { kind: 'tampered', line: 1, what: 'altered' })
  })

  it('has nothing behind it, and is not put into another record', async () => {
    const behind = encodeLine(1, sha256(bytes.subarray(0, -1)), start, { type: 'note', text: 'x' }).bytes
    assert.deepEqual(verifyRecord([bytes, behind]), { kind: 'tampered', line: 2, what: 'after-end' })
    assert.deepEqual(verifyRecord([bytes, bytes]), { kind: 'tampered', line: 2, what: 'after-end' })
    const open = await record([runStarted])
    const head = sha256(open.subarray(0, -1))
    const inside = encodeLine(1, head, start, { type: 'act', format: 1, ...act, parents: [] }).bytes
    assert.deepEqual(verifyRecord([open, inside]), { kind: 'tampered', line: 2, what: 'line-inserted' })
  })

  it('is a summary of its own kind, which is no run and is not open', async () => {
    const summarizer = createSummarizer('p')
    summarizer.push(bytes)
    const { summary, head, parents, openOn } = summarizer.end(0)
    assert.deepEqual(summary, {
      path: 'p',
      outcome: 'act',
      id,
      act: 'secrets-exported',
      secrets: act.secrets,
      to: [recipient],
      file: 'for-suzuki.age',
      operator,
      origin,
      startedAt: start,
    })
    assert.deepEqual([head, parents, openOn], [sha256(bytes.subarray(0, -1)), ['h0', 'h1'], undefined])
    const run = summarizeRecord('q', await record(smallRun))
    const unreadable = summarizeRecord('r', new Uint8Array())
    assert.deepEqual(runsAmong([summary, run, unreadable]), [run, unreadable])
  })

  it('is read whole, as no run', () => {
    const { run, act: found, startedAt, end, unknownLines } = readTranscript(bytes)
    assert.deepEqual([run, startedAt, end, unknownLines], [undefined, start, { kind: 'none' }, 0])
    assert.ok(found)
    assert.deepEqual({ ...act }, pick(found))
  })

  it('of a newer version is taken for what it calls itself', () => {
    const newer = textOf(bytes).replace('secrets-exported', 'secrets-rotated').replace('"to":', '"planet":"Mars","to":')
    const summary = summarizeRecord('p', bytesOf(newer))
    assert.ok(summary.outcome === 'act')
    assert.equal(summary.act, 'secrets-rotated')
    assert.equal(actSentence(summary, createTranslator({})), 'secrets-rotated: LDAP_PASSWORD, API_KEY')
    assert.equal(readTranscript(bytesOf(newer)).act?.act, 'secrets-rotated')
  })

  it('that is none is no record', () => {
    for (const broken of ['"operator":{', '"act":"', '"format":', '"id":"']) {
      const text = textOf(bytes).replace(broken, broken.replace(/"\w/, '"x'))
      assert.equal(summarizeRecord('p', bytesOf(text)).outcome, 'unreadable', broken)
    }
  })
})

describe('what an act is called', () => {
  const t = createTranslator({})
  const said = (more: Partial<SecretsAct>) => actSentence({ ...act, ...more }, t)

  it('says what was done to which secrets, and for whom', () => {
    assert.equal(said({}), '2 secrets handed over: LDAP_PASSWORD, API_KEY (to age1ql3z7hjy…ac8p)')
    assert.equal(said({ secrets: ['A'], to: ['passphrase'] }), 'Secret handed over: A (with a passphrase)')
    assert.equal(said({ act: 'secrets-changed', secrets: ['A'] }), 'Secret changed: A')
    assert.equal(said({ act: 'secrets-set' }), '2 secrets set: LDAP_PASSWORD, API_KEY')
    assert.equal(
      said({ act: 'secrets-imported' }),
      '2 secrets taken over: LDAP_PASSWORD, API_KEY (from for-suzuki.age)',
    )
  })
})

function pick(found: object): object {
  const known = new Set(Object.keys(act))
  return Object.fromEntries(Object.entries(found).filter(([name]) => known.has(name)))
}
