import assert from 'node:assert/strict'
import { stripVTControlCharacters } from 'node:util'
import { describe, it } from 'mocha'
import { fits } from '../../../src/editor/open-question.ts'
import { sidesOfDiff } from '../../../src/editor/terminal-diff.ts'
import { meaningOfKey, questionLines } from '../../../src/editor/terminal-question.ts'
import type { Question, StepToApprove } from '../../../src/execution/event.ts'
import { createTranslator } from '../../../src/wording/translate.ts'

const t = createTranslator({})
const about = { stepId: 'create', title: 'Create' }
const step: StepToApprove = { ...about, line: 12, shell: 'bash', text: 'echo one\necho two', deceptions: [] }
const approve = (...steps: readonly StepToApprove[]): Question => ({ kind: 'approve', ...about, steps })
const undo: Question = {
  kind: 'undo',
  ...about,
  steps: [{ ...about, undo: { stepId: 'delete', title: 'Delete', text: 'rm -r home' } }],
}
const input: Question = { kind: 'input', ...about, prompt: '[sudo] password:', hidden: true }
const linesOf = (question: Question) => questionLines(question, t).map(stripVTControlCharacters)

describe('a question in the terminal', () => {
  it('takes keys of an input method that is still on, and capital letters', () => {
    const manual: Question = { kind: 'manual', ...about, text: 'Look' }
    for (const key of ['n', 'N', 'ｎ', 'Ｎ']) assert.deepEqual(meaningOfKey(manual, key), { kind: 'write-note' })
    const choices = ['a', 'b'].map((target) => ({ label: target, target }))
    assert.deepEqual(meaningOfKey({ kind: 'decision', ...about, choices }, '２'), { kind: 'choice', target: 'b' })
    assert.equal(meaningOfKey(manual, '２'), undefined)
  })

  it('shows the whole of a text that is new', () => {
    const lines = linesOf(approve(step))
    assert.ok(lines.includes('▸ Create new · bash · line 12'))
    assert.ok(lines.includes('  echo one') && lines.includes('  echo two'))
  })

  it('shows what changed of a text that was another one', () => {
    const lines = linesOf(approve({ ...step, previous: 'echo one\necho three' }))
    assert.deepEqual(
      lines.filter((line) => /^ {2}[-+ ] /.test(line)),
      ['    echo one', '  - echo three', '  + echo two'],
    )
  })

  it('shows characters that deceive as what they are, and names their place', () => {
    const deceptions = [{ line: 12, column: 6, kind: 'bidirectional', character: 'U+202E' }] as const
    const lines = linesOf(approve({ ...step, text: 'echo \u202Eone', deceptions }))
    assert.ok(lines.includes('  echo U+202Eone'))
    assert.ok(lines.some((line) => line.includes('⚠ Line 12, column 6') && line.includes('U+202E')))
    assert.ok(!lines.join('').includes('\u202E'))
  })

  it('lets no control character of a text reach the terminal', () => {
    const question: Question = {
      kind: 'confirm',
      ...about,
      text: 'rm -rf /\x1b[2K\recho ok',
      variables: [{ name: 'A', value: '\x1b]0;x\x07' }],
    }
    for (const shown of [questionLines(question, t), questionLines(approve({ ...step, text: 'a\x1b[8mb' }), t)]) {
      const foreign = shown.join('\n').replace(/\p{Cc}\[[\d;]*m/gu, '')
      assert.doesNotMatch(foreign, /[^\P{Cc}\n]/u)
    }
    assert.ok(
      !questionLines(approve({ ...step, text: 'a\x1b[8mb' }), t)
        .join('')
        .includes('\x1b[8m'),
    )
  })

  it('lists what the variables of a step hold', () => {
    const variables = [
      { name: 'USER_ID', value: 'hanako' },
      { name: 'PASS', value: '***' },
      { name: 'NONE', value: undefined },
    ]
    const lines = linesOf({ kind: 'confirm', ...about, text: 'true', variables })
    assert.ok(lines.includes('  USER_ID = hanako'))
    assert.ok(lines.includes('  PASS    = ***'))
    assert.ok(lines.includes('  NONE    = (empty)'))
  })

  it('says what undoes what', () => {
    assert.ok(linesOf(undo).includes('  1 Create → Delete'))
    assert.ok(linesOf(undo).some((line) => line.includes('rm -r home')))
  })

  it('takes the keys that it names, and no other', () => {
    const meanings = (question: Question, keys: readonly string[]) =>
      keys.map((key) => meaningOfKey(question, key)?.kind)
    const keys = ['\r', 's', 'd', 'n', 'f', '1', 'toString']
    const none = undefined
    assert.deepEqual(meanings(approve(step), keys), ['done', none, 'show-changes', none, none, none, none])
    assert.deepEqual(meanings(undo, keys), ['done', 'skip', none, none, none, none, none])
    assert.deepEqual(meanings(input, keys), [none, none, none, none, none, none, none])
  })
})

describe('an answer', () => {
  it('fits only a question of its kind', () => {
    const kinds = ['done', 'skip', 'fail'] as const
    const taken = (question: Question) => kinds.filter((kind) => fits(question, { kind }))
    assert.deepEqual(taken(approve(step)), ['done'])
    assert.deepEqual(taken(undo), ['done', 'skip'])
    assert.deepEqual(taken(input), [])
    assert.equal(fits(input, { kind: 'text', value: '' }), true)
    assert.equal(fits(approve(step), { kind: 'text', value: '' }), false)
    for (const question of [approve(step), undo, input]) assert.equal(fits(question, { kind: 'cancel' }), true)
  })
})

describe('the sides of a unified diff', () => {
  it('are what was expected and what was printed', () => {
    const diff =
      'Index: output\n===================================================================\n--- output\n+++ output\n@@ -1,2 +1,2 @@\n same\n-ten\n+eleven\n\\ No newline at end of file\n'
    assert.deepEqual(sidesOfDiff(diff), { before: 'same\nten', after: 'same\neleven' })
  })
})
