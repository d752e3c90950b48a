import assert from 'node:assert/strict'
import { shortTitle } from '../../../src/editor/short-title.ts'

describe('a short title', () => {
  it('is the title where there is room for it', () => {
    assert.equal(shortTitle('Account for a new colleague'), 'Account for a new colleague')
    assert.equal(shortTitle('入社時のアカウント作成'), '入社時のアカウント作成')
    assert.equal(shortTitle('1234567890123456789012345678901X'), '1234567890123456789012345678901X')
  })

  it('is cut by the room that it takes, and not in the middle of a character', () => {
    assert.equal(shortTitle('1234567890123456789012345678901XY'), '1234567890123456789012345678901…')
    assert.equal(shortTitle('社内ファイルサーバーと会計システムの夜間バックアップ'), '社内ファイルサーバーと会計シス…')
    assert.equal(shortTitle('👩'.repeat(40)), `${'👩'.repeat(31)}…`)
  })
})
