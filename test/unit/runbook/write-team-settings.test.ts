import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { withCommitSetting } from '../../../src/runbook/write-team-settings.ts'

describe('writing into baton.yaml', () => {
  it('makes a file, or changes one value and keeps everything else', () => {
    assert.equal(withCommitSetting('', 'always'), 'records:\n  commit: always\n')
    assert.equal(withCommitSetting('records:\n', 'never'), 'records:\n  commit: never\n')
    const text = '# ours\nrecords:\n  commit: ask # for now\n  sign: true\npeople: [a, b]\n'
    assert.equal(
      withCommitSetting(text, 'always'),
      '# ours\nrecords:\n  commit: always # for now\n  sign: true\npeople: [ a, b ]\n',
    )
    assert.equal(withCommitSetting('# only this\n', 'never'), '# only this\n\nrecords:\n  commit: never\n')
  })

  it('touches no file that is not understood', () => {
    for (const text of ['records: [\n', '- a\n', 'records: 3\n', 'a: b: c\n'])
      assert.equal(withCommitSetting(text, 'always'), undefined, text)
  })
})
