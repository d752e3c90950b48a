import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'mocha'
import { refusedSecretSentence, transferProblemSentence } from '../../../src/wording/transfer-problems.ts'
import { createTranslator } from '../../../src/wording/translate.ts'

const en = createTranslator({})
const ja = createTranslator(JSON.parse(readFileSync('l10n/bundle.l10n.ja.json', 'utf8')))

describe('sentences about handing secrets over', () => {
  it('say what is wrong and what to do', () => {
    const short = { code: 'passphrase-short', values: { minimum: '12' } } as const
    assert.equal(transferProblemSentence(short, en), 'This passphrase is too short: it needs at least 12 characters.')
    assert.equal(transferProblemSentence(short, ja), 'パスフレーズが短すぎます。12文字以上にしてください。')
    const other = (recipient: string) => ({ code: 'not-for-this-identity', values: { recipient } }) as const
    assert.match(transferProblemSentence(other('age1xyz'), en), /Ask for one that is for you: age1xyz$/)
    assert.match(transferProblemSentence(other(''), en), /no identity here opens it/)
    assert.match(transferProblemSentence({ code: 'newer-format', values: { format: '2' } }, ja), /形式 2/)
  })

  it('name the secret that is not taken over, whatever it is called', () => {
    const refused = { name: 'x {1} <b>', code: 'name-foreign' } as const
    assert.equal(
      refusedSecretSentence(refused, en),
      '“x {1} <b>” is not taken over: no runbook can declare such a name.',
    )
    assert.match(refusedSecretSentence({ name: 'A_KEY', code: 'secret-too-long' }, ja), /^A_KEY は取り込みません/)
  })
})
