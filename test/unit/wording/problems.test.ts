import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'mocha'
import { parseRunbook } from '../../../src/runbook/parse.ts'
import { executionProblemSentence, systemReason } from '../../../src/wording/execution-problems.ts'
import { parameterProblemSentence } from '../../../src/wording/parameters.ts'
import { runbookProblemSentence } from '../../../src/wording/runbook-problems.ts'
import { createTranslator } from '../../../src/wording/translate.ts'

const en = createTranslator({})
const ja = createTranslator(JSON.parse(readFileSync('l10n/bundle.l10n.ja.json', 'utf8')))

describe('sentences about what went wrong', () => {
  it('name the interpreter and how many steps use it', () => {
    const problem = (steps: string) =>
      ({ code: 'interpreter-missing', values: { shell: 'pwsh', interpreter: 'pwsh', steps } }) as const
    assert.equal(
      executionProblemSentence(problem('3'), en),
      'PowerShell 7 (pwsh) was not found. 3 steps of this runbook use it. Install it and run again.',
    )
    assert.match(executionProblemSentence(problem('1'), en), /1 step of this runbook uses it/)
    assert.equal(
      executionProblemSentence(problem('3'), ja),
      'PowerShell 7 (pwsh) が見つかりません。この手順書の3つのステップで使います。インストールしてから、もう一度実行してください。',
    )
  })

  it('say why a record cannot be written, and where', () => {
    const problem = { code: 'record-unwritable', values: { path: '.baton/runs', reason: 'ENOSPC' } } as const
    assert.match(executionProblemSentence(problem, en), /no space left \(\.baton\/runs\)/)
    assert.match(executionProblemSentence(problem, ja), /ディスクの空きがありません \(\.baton\/runs\)/)
    assert.equal(systemReason('EWHATEVER', ja), 'EWHATEVER')
  })

  it('put the reasons of YAML into words of both languages', () => {
    for (const yaml of [
      '\t- x',
      'title: "x',
      'title: [',
      'a: b: c',
      'owner: @x',
      'owner: "C:\\Users"',
      'a: 1\n b: 2',
      'x\ny: 1',
    ]) {
      const problem = parseRunbook(`---\nurgency: high\n${yaml}\n---\n- [ ] x\n`).problems.find(
        ({ code }) => code === 'frontmatter-invalid-yaml',
      )
      assert.ok(problem, yaml)
      assert.doesNotMatch(runbookProblemSentence(problem, ja), /[a-z]{4}/, yaml)
      assert.doesNotMatch(runbookProblemSentence(problem, en), /implicit|scalar|flow/i, yaml)
    }
  })

  it('give the hint of a pattern instead of the pattern', () => {
    const problem = { code: 'pattern', name: 'USER_ID', pattern: '[a-z]+' } as const
    assert.equal(
      parameterProblemSentence({ ...problem, hint: '半角英小文字' }, 'ユーザーID', ja, 'ja'),
      'ユーザーID: 半角英小文字',
    )
    assert.equal(
      parameterProblemSentence(problem, 'ユーザーID', ja, 'ja'),
      'ユーザーIDはパターン [a-z]+ に合わせてください。',
    )
  })
})

describe('sentences about a runbook', () => {
  const wrong = [
    '---',
    'title: [a]',
    'owner: { a: 1 }',
    'colour: red',
    'urgency: huge',
    'parameters:',
    '  - { name: path-x }',
    '  - { name: PATH }',
    '  - { name: A, type: choice }',
    '  - { name: A }',
    "  - { name: B, pattern: '[' }",
    '  - { name: C, min: many }',
    'secrets:',
    '  - { name: lower }',
    '  - { name: S }',
    '  - { name: S }',
    '---',
    '```sh {name=x colour=red timeout=soon name=y}',
    'true',
    '```',
    '```sh {name=z check=nothing secrets=UNKNOWN}',
    'true',
    '```',
    '```sh {name=z}',
    'true',
    '```',
    '- [Nowhere](#nowhere)',
    '- [Elsewhere](#elsewhere)',
    '',
    '```sh {name="open',
    'true',
  ].join('\n')

  it('name what they are about, in both languages', () => {
    const problems = [wrong, '---\na: [\n---\n', '---\n- a\n---\n', '---\na: 1\n'].flatMap(
      (text) => parseRunbook(text).problems,
    )
    const codes = new Set(problems.map(({ code }) => code))
    assert.ok(codes.size >= 15, [...codes].join(' '))
    for (const problem of problems) {
      for (const [language, t] of [
        ['en', en],
        ['ja', ja],
      ] as const) {
        const sentence = runbookProblemSentence(problem, t)
        assert.doesNotMatch(sentence, /“”|「」|\{\d\}|undefined|: $|、 *$/, `${language} ${problem.code}: ${sentence}`)
        assert.match(sentence, language === 'ja' ? /[\p{sc=Hiragana}]/u : /^[\x20-\x7e“”…’]+$/, sentence)
      }
    }
  })
})
