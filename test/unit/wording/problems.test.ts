import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'mocha'
import { executionProblemSentence, systemReason } from '../../../src/wording/execution-problems.ts'
import { parameterProblemSentence } from '../../../src/wording/parameters.ts'
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
