import assert from 'node:assert/strict'
import { checkSecretValue } from '../../../src/secrets/secret-value.ts'

describe('checkSecretValue', () => {
  it('refuses fewer than four characters, an emoji being one', () => {
    assert.equal(checkSecretValue(''), 'secret-too-short')
    assert.equal(checkSecretValue('abc'), 'secret-too-short')
    assert.equal(checkSecretValue('🦊🦊🦊'), 'secret-too-short')
    assert.equal(checkSecretValue('abcd'), undefined)
    assert.equal(checkSecretValue('ひみつだ'), undefined)
  })

  it('refuses NUL', () => {
    assert.equal(checkSecretValue('abcd\0efgh'), 'secret-has-nul')
  })
})
