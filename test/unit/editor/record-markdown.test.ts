import assert from 'node:assert/strict'
import { Parser } from 'commonmark'
import { describe, it } from 'mocha'
import { recordMarkdown } from '../../../src/editor/record-markdown.ts'
import { nothingRelated, relatedRecords } from '../../../src/record/related.ts'
import type { ActSummary, ReadableRun } from '../../../src/record/summary.ts'
import type { Transcript, TranscriptStep } from '../../../src/record/transcript.ts'
import type { Verification } from '../../../src/record/verify.ts'
import { createTranslator } from '../../../src/wording/translate.ts'

const language = { t: createTranslator({}), locale: 'en', now: Date.UTC(2026, 10, 21) }

const step: TranscriptStep = {
  execution: 1,
  id: 'create',
  kind: 'command',
  title: 'create-account',
  line: 12,
  shell: 'pwsh',
  text: 'New-ADUser',
  startedAt: Date.UTC(2026, 10, 20),
  result: { time: 0, outcome: 'succeeded', durationMs: 2100, exitCode: 0 },
  output: 'done\n',
}

const transcript: Transcript = {
  run: {
    id: 'x',
    runbook: { path: 'joining.md', title: 'Joining', sha256: '' },
    operator: { name: 'Sato' },
    host: { name: 'ADMIN-PC', platform: 'win32', pid: 1 },
    parameters: {},
    secrets: [],
    origin: 'editor',
    version: '0.1.0',
  },
  startedAt: Date.UTC(2026, 10, 20),
  end: {
    kind: 'ended',
    time: 0,
    outcome: 'succeeded',
    counts: { succeeded: 1, failed: 0, skipped: 0, cancelled: 0, 'timed-out': 0 },
    durationMs: 2100,
  },
  notes: [],
  steps: [step],
  unknownLines: 0,
}

/** What was found of a record that nothing stands behind. */
const foundOf = (verification: Verification) =>
  ({ verification, signature: { kind: 'none' }, anchor: { kind: 'not-pushed' } }) as const

const page = (of: Transcript) => recordMarkdown(of, foundOf({ kind: 'ok', lines: 5, head: '' }), language)

/** What CommonMark makes of a page: its headings, code blocks, raw HTML, links and images. */
function parsed(markdown: string) {
  const found = { headings: 0, code: [] as string[], html: [] as string[], links: 0, text: '' }
  const walker = new Parser().parse(markdown).walker()
  for (let event = walker.next(); event; event = walker.next()) {
    const { node, entering } = event
    if (!entering) continue
    if (node.type === 'heading') found.headings += 1
    if (node.type === 'code_block') found.code.push(node.literal ?? '')
    if (node.type === 'html_block' || node.type === 'html_inline') found.html.push(node.literal ?? '')
    if (node.type === 'link' || node.type === 'image') found.links += 1
    if (node.type === 'text') found.text += node.literal ?? ''
  }
  return found
}

const nasty = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '</details></table><h1>',
  '```\n# heading\n```',
  '````\n~~~\n`````',
  '[link](command:baton.runRunbook) ![image](http://example.com/x.png)',
  '<http://example.com>',
  '# heading\n\n---\n===\n- item\n1. item\n> quote',
  '&lt;b&gt; | cell | \\',
  '\n\n<b>\n\n</b>',
  '    indented code\n\ttab',
]

describe('the page of a record', () => {
  it('says what, who, when, and whether it is as it was written, then each step', () => {
    const markdown = page(transcript)
    const { headings, code } = parsed(markdown)
    assert.equal(headings, 2)
    assert.deepEqual(code, ['New-ADUser\n', 'done\n'])
    for (const part of ['Joining', 'Sato', '2\\.1 s', 'ADMIN-PC', 'The chain of its 5 lines is whole', '1/1']) {
      assert.ok(markdown.includes(part), part)
    }
  })

  for (const text of nasty) {
    it(`keeps what a program prints as it is: ${JSON.stringify(text)}`, () => {
      const { headings, code, html, links } = parsed(page({ ...transcript, steps: [{ ...step, output: text, text }] }))
      assert.deepEqual({ headings, links }, { headings: 2, links: 0 })
      assert.deepEqual(code, [`${text}\n`, `${text.replace(/\n+$/, '')}\n`])
      assert.ok(
        html.every((tag) => /^<(table|\/table|details|\/details)/.test(tag)),
        html.join('|'),
      )
    })

    it(`takes no text of a record for Markdown: ${JSON.stringify(text)}`, () => {
      const { run } = transcript
      assert.ok(run)
      const manual: TranscriptStep = {
        ...step,
        kind: 'manual',
        title: text,
        text: `${text} and more`,
        procedure: text,
        serves: { as: 'check', stepId: text },
        answers: { [text]: text },
        result: {
          time: 0,
          outcome: 'failed',
          durationMs: 1,
          note: text,
          choice: text,
          problem: { code: text, values: {} },
          undecodable: { bytes: 1, sha256: text },
        },
        output: '',
      }
      const markdown = page({
        ...transcript,
        run: {
          ...run,
          runbook: { ...run.runbook, title: text, path: text },
          operator: { name: text, email: text },
          parameters: { [text]: text },
          secrets: [text],
          git: { commit: text, branch: text, changed: true },
          batch: { id: text, row: 1, rows: 2 },
          resumes: { run: text, step: text },
          prerequisites: [{ path: text, state: 'done', run: text }],
        },
        steps: [manual],
        notes: [{ time: 0, text, after: 1 }],
      })
      const { headings, code, html, links } = parsed(markdown)
      assert.deepEqual({ headings, links, code }, { headings: 2, links: 0, code: [] })
      const tags = html.join('').match(/<[^>]*>/g) ?? []
      assert.deepEqual([...new Set(tags)].sort(), [
        '</strong>',
        '</table>',
        '</td>',
        '</tr>',
        '<strong>',
        '<table>',
        '<td>',
        '<tr>',
      ])
    })
  }

  it('says how a step came to run, and what it was for', () => {
    const check: TranscriptStep = {
      ...step,
      id: 'exists',
      title: 'account exists',
      attempt: 2,
      serves: { as: 'check', stepId: 'create' },
      interactive: true,
      background: true,
      approval: 'now',
      answers: { LICENCE: 'E3*' },
      result: { time: 0, outcome: 'succeeded', durationMs: 1, isDone: false, endedWithRun: true },
    }
    const markdown = page({ ...transcript, steps: [check, step] })
    const { text } = parsed(markdown)
    for (const part of ['try 2', 'check of “create-account”', 'on a terminal', 'in the background', 'not done yet']) {
      assert.ok(text.includes(part), part)
    }
    assert.ok(text.includes('ended with the run') && text.includes('approved for this run'))
    assert.ok(text.includes('LICENCE = E3*'))
    const undo: TranscriptStep = { ...step, serves: { as: 'undo', stepId: 'gone' } }
    assert.ok(parsed(page({ ...transcript, steps: [undo] })).text.includes('undo of “gone”'))
  })

  it('says of a step that was undone that its work does not stand', () => {
    const undo: TranscriptStep = {
      ...step,
      id: 'remove',
      title: 'remove-account',
      execution: 2,
      serves: { as: 'undo', stepId: step.id },
    }
    const markdown = page({ ...transcript, steps: [step, undo] })
    const [, first = '', second = ''] = markdown.split('\n## ')
    assert.ok(first.includes('undone later') && !second.includes('undone later'), markdown)
    assert.ok(markdown.includes('<td>0/1 · undone: 1</td>'), markdown)
    const failed = { time: 0, outcome: 'failed', durationMs: 1 } as const
    assert.ok(!page({ ...transcript, steps: [step, { ...undo, result: failed }] }).includes('undone'))
  })

  it('shows what differs from the expected output, and tells of bytes that are no text', () => {
    const difference = '--- expected\n+++ output\n@@ -1 +1 @@\n-```\n+b'
    const undecodable = { bytes: 1234, sha256: 'ab'.repeat(32) }
    const result = { time: 0, outcome: 'failed', durationMs: 1, difference, undecodable } as const
    const { code, text } = parsed(page({ ...transcript, steps: [{ ...step, result: { ...result, exitCode: 0 } }] }))
    assert.ok(!text.includes('exit code'))
    assert.deepEqual(code, ['New-ADUser\n', `${difference}\n`, 'done\n'])
    assert.ok(text.includes(`Output held bytes that are no text: 1,234. SHA-256 of these bytes: ${'ab'.repeat(32)}`))
  })

  it('says of which batch a run is, what it goes on from, and what was done before', () => {
    const { run } = transcript
    assert.ok(run)
    const markdown = page({
      ...transcript,
      run: {
        ...run,
        unattended: true,
        batch: { id: 'april', row: 3, rows: 20 },
        resumes: { run: 'abc', step: 'create' },
        prerequisites: [
          { path: 'health.md', state: 'done', run: 'def' },
          { path: 'backup.md', state: 'waived' },
        ],
      },
    })
    for (const part of [
      'without asking (--yes)',
      'row 3 of 20 of batch april',
      'run abc, from step “create” on',
      'health.md: done before (run def) · backup.md: went on without',
    ]) {
      assert.ok(markdown.includes(part), part)
    }
    assert.doesNotMatch(page(transcript), /Approval|Batch|Goes on|Prerequisites/)
  })

  it('folds long output, but not that of a failure', () => {
    const output = 'line\n'.repeat(40)
    assert.match(page({ ...transcript, steps: [{ ...step, output }] }), /<details>\n<summary>Output \(40 lines\)/)
    const failed = { ...step, output, result: { time: 0, outcome: 'failed' as const, durationMs: 1, exitCode: 3 } }
    const markdown = page({ ...transcript, steps: [failed] })
    assert.match(markdown, /<details open>/)
    assert.match(markdown, /exit code 3/)
  })

  it('shows where the middle of an output was left out', () => {
    const omitted = { bytes: 1_200_000_000, tail: 'the end\n' }
    const { code, text } = parsed(page({ ...transcript, steps: [{ ...step, omitted }] }))
    assert.deepEqual(code, ['New-ADUser\n', 'done\n', 'the end\n'])
    assert.match(text, /Left out here: 1.2 GB/)
    assert.match(page({ ...transcript, steps: [{ ...step, omitted }] }), /Output \(2 lines, and what is left out\)/)
  })

  it('says so when the file is no record, or has no end', () => {
    assert.match(page({ startedAt: 0, end: { kind: 'none' }, notes: [], steps: [], unknownLines: 3 }), /is no record/)
    assert.match(page({ ...transcript, end: { kind: 'none' } }), /running\\?, or cut off/)
  })

  it('says in which line a record was changed', () => {
    const changed = recordMarkdown(transcript, foundOf({ kind: 'tampered', line: 12, what: 'altered' }), language)
    assert.match(changed, /This record was changed: line 12/)
    const loose = foundOf({ kind: 'ok', lines: 5, head: '' })
    assert.match(recordMarkdown(transcript, loose, language), /Evidence.*not anchored/)
    const anchored = {
      ...loose,
      signature: { kind: 'good', signer: 'sato@example.co.jp' },
      anchor: { kind: 'pushed' },
    } as const
    assert.match(
      recordMarkdown(transcript, anchored, language),
      /Evidence.*signed by sato@example\.co\.jp · in a pushed commit/,
    )
    const forged = { ...loose, signature: { kind: 'wrong', reason: 'other-person', signer: 'x@example.com' } } as const
    assert.match(
      recordMarkdown(transcript, forged, language),
      /Record.*✗ The signature is wrong: x@example\.com signed/,
    )
  })
})

describe('the page of an act', () => {
  const act = {
    id: 'x',
    act: 'secrets-exported',
    secrets: ['LDAP_PASSWORD', 'API_KEY'],
    to: ['age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p'],
    file: 'for-suzuki.age',
    operator: { name: 'Sato', email: 'sato@example.com' },
    host: { name: 'ADMIN-PC', platform: 'win32', pid: 1 },
    origin: 'command-line',
    version: '0.2.0',
  } as const
  const { run: _, ...noRun } = transcript
  const of = (changes: object) =>
    recordMarkdown(
      { ...noRun, steps: [], end: { kind: 'none' }, act: { ...act, ...changes } },
      foundOf({ kind: 'ok', lines: 1, head: '' }),
      language,
    )

  it('says what was handed over to whom, by whom, and that no value is there', () => {
    const text = of({})
    for (const part of [
      act.to[0],
      'LDAP_PASSWORD, API_KEY',
      'sato@example.com',
      'ADMIN-PC',
      'command line · Baton 0.2.0',
    ]) {
      assert.ok(text.includes(part), part)
    }
    assert.match(text, /^# 2 secrets handed over\n/)
    assert.match(text, /Its one line is as it was written/)
    assert.match(text, /no value is in any record/)
  })

  it('takes nothing of the record for Markdown or HTML', () => {
    for (const text of nasty) {
      const found = parsed(of({ secrets: [text], file: text, to: [text], act: text, operator: { name: text } }))
      assert.deepEqual([found.headings, found.links, found.code], [1, 0, []], text)
    }
  })
})

describe('a note that was added later', () => {
  it('stands at its place, with who and when', () => {
    const note = (text: string, more: { execution?: number; isOutdated?: boolean } = {}) => ({
      id: 'n',
      path: 'p',
      operator: { name: 'Suzuki *Taro*' },
      time: Date.UTC(2026, 10, 20, 9, 30),
      isOutdated: false,
      text,
      ...more,
    })
    const second = { ...step, execution: 2, title: 'second' }
    const markdown = recordMarkdown(
      { ...transcript, steps: [step, second] },
      foundOf({ kind: 'ok', lines: 5, head: '' }),
      language,
      {
        ...nothingRelated,
        annotations: {
          count: 3,
          ofRun: [note('# About all\nof it')],
          byExecution: new Map([[2, [note('This warning is normal'), note('It was not', { isOutdated: true })]]]),
        },
      },
    )
    const places = ['About all', '1. ✓ create', '2. ✓ second', 'This warning is normal', 'It was not']
    const found = places.map((text) => parsed(markdown).text.indexOf(text.replace(/^\d\. /, '')))
    assert.ok(
      found.every((at, index) => at > (found[index - 1] ?? -1)),
      markdown,
    )
    assert.match(markdown, /\*\*Note added later\*\* · Suzuki \\\*Taro\\\* · .*\n\n> \\?# About all/)
    assert.match(markdown, /the record changed after this note\n\n> It was not/)
    assert.equal(parsed(markdown).headings, 3, 'the title and two steps')
  })
})

describe('a run that followed another', () => {
  const { run } = transcript
  assert.ok(run)
  const summary = (id: string, name: string, more: Partial<ReadableRun> = {}): ReadableRun => ({
    path: `${id}.jsonl`,
    id,
    head: 'h',
    runbook: run.runbook,
    operator: { name },
    origin: 'editor',
    startedAt: Date.UTC(2026, 8, 1, 9),
    outcome: 'succeeded',
    counts: { succeeded: 1, failed: 0, skipped: 0, cancelled: 0, 'timed-out': 0 },
    tally: { all: 1, succeeded: 1, undone: 0 },
    started: 1,
    steps: [],
    results: {},
    ...more,
  })
  const signedOff: ActSummary = {
    path: 'act.jsonl',
    outcome: 'act',
    id: 'a',
    act: 'run-signed-off',
    about: { run: 'first', head: 'h' },
    own: { run: 'x', head: 'h' },
    mastery: 'practised',
    with: 'Sato',
    operator: { name: 'Suzuki' },
    origin: 'editor',
    startedAt: Date.UTC(2026, 10, 20, 9),
  }
  const records = [signedOff, summary('x', 'Suzuki', { follows: 'first' }), summary('first', 'Sato')]

  it('says whose, and how its operator came through it; so does the page of the other', async () => {
    const of = async (path: string, more = {}) =>
      recordMarkdown(
        { ...transcript, run: { ...run, ...more } },
        foundOf({ kind: 'ok', lines: 5, head: '' }),
        language,
        await relatedRecords(summary(path.replace('.jsonl', ''), 'Suzuki', more), records),
      )
    const own = await of('x.jsonl', { follows: 'first' })
    assert.match(own, /<strong>Followed run<\/strong><\/td><td>run of Sato, Tue, Sep 1</)
    assert.match(own, /<strong>Sign-off<\/strong><\/td><td>Suzuki: Done together \(with Sato\) · Fri, Nov 20/)
    assert.match(await of('first.jsonl'), /Suzuki: Done together/)
    assert.doesNotMatch(await of('other.jsonl'), /Done together/)
  })

  it('says of a pruning what it took from which run', async () => {
    const { run: _, ...noRun } = transcript
    const pruned = ['first', 'gone'].map((id) => ({ run: id, head: 'h', lines: 2, bytes: 3_400_000, sha256: '' }))
    const { operator, origin } = signedOff
    const host = { name: 'pc', platform: 'linux', pid: 1 }
    const act = { id: 'p', act: 'output-pruned', pruned, operator, origin, host, version: '0.2.0' }
    const text = recordMarkdown(
      { ...noRun, steps: [], end: { kind: 'none' }, act },
      foundOf({ kind: 'ok', lines: 1, head: '' }),
      language,
      await relatedRecords(signedOff, records),
    )
    assert.match(text, /^# Output of 2 runs pruned\n/)
    assert.match(text, /\n- Joining \\\(run of Sato, Tue, Sep 1\\\)\\: 3\\\.4 MB\n- gone\\: 3\\\.4 MB\n/)
  })
})
