import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { parse } from 'yaml'
import { withCommitSetting } from '../../../src/runbook/write-team-settings.ts'

describe('writing into baton.yaml', () => {
  it('makes a file, or changes one value and keeps everything else as it was written', () => {
    assert.equal(withCommitSetting('', 'always'), 'records:\n  commit: always\n')
    assert.equal(withCommitSetting('# only this\n', 'never'), '# only this\n\nrecords:\n  commit: never\n')
    const text = '# ours\nrecords:\n  commit: ask   # for now\n  sign:  true\npeople: [a, b]\nteams:\n- "x"\n'
    assert.equal(withCommitSetting(text, 'always'), text.replace('ask', 'always'))
    const without = text.replace('  commit: ask   # for now', '  # our keys')
    assert.equal(withCommitSetting(without, 'always'), without.replace('records:', 'records:\n  commit: always'))
    assert.equal(withCommitSetting('people: [a]', 'never'), 'people: [a]\nrecords:\n  commit: never\n')
    for (const [before, after] of [
      ['records:\n', 'records:\n  commit: never\n'],
      ['records: # later', 'records: # later\n  commit: never\n'],
      ['records: { sign: true }\n', 'records: { commit: never, sign: true }\n'],
      ['records:\r\n    sign: true\r\n', 'records:\r\n    commit: never\r\n    sign: true\r\n'],
      ['records: {commit: "ask"}', 'records: {commit: never}'],
    ] as const)
      assert.equal(withCommitSetting(before, 'never'), after, before)
  })

  it('keeps what is written in a rare way, if not its form', () => {
    for (const text of [
      ...[
        'records:\n  commit:\n',
        'records: ~\n',
        'records: {}\n',
        '{people: [a]} # ours\n',
        '---\npeople: [a]\n...\n',
      ],
      ...['  people: [a]\n', 'ask: &a ask\nrecords:\n  commit: *a\n', '? records\n: sign: true\n', 'note: |+\n  a\n\n'],
    ]) {
      const written = withCommitSetting(text, 'always') ?? ''
      const { records, ...others } = parse(written)
      assert.deepEqual([records.commit, others], ['always', leftOf(text)], `${text}→ ${written}`)
      if (text.includes('# ours')) assert.match(written, /# ours/)
    }
  })

  it('touches no file that is not understood', () => {
    for (const text of ['records: [\n', '- a\n', 'records: 3\n', 'a: b: c\n'])
      assert.equal(withCommitSetting(text, 'always'), undefined, text)
  })
})

function leftOf(text: string): unknown {
  const { records: _, ...others } = parse(text)
  return others
}
