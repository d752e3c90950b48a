import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { readTeamSettings } from '../../../src/runbook/team-settings-reader.ts'

const problemsOf = (text: string) =>
  readTeamSettings(text).problems.map(({ code, severity, range, values }) => [
    severity,
    code,
    `${range.start.line}:${range.start.character}`,
    values.key,
  ])
const keepOf = (keep: string) => readTeamSettings(`records:\n  keep: ${keep}\n`).settings.records.keep
const signOf = (sign: string) => readTeamSettings(`records: { sign: ${sign} }`).settings.records.sign

const defaults = { records: { sign: false, keep: {} } }

describe('baton.yaml', () => {
  it('counts for what it says, with the defaults of the rest', () => {
    for (const text of ['', '# nothing yet\n', 'records:\n', 'records: {}\n', 'records: { commit: }\n']) {
      assert.deepEqual(readTeamSettings(text), { settings: defaults, problems: [] }, text)
    }
    const whole = [
      'records:',
      '  commit: always   # or ask, or never',
      '  sign: ~/.ssh/baton',
      '  keep:',
      '    output: 180d',
      '    size: 500 MB',
    ].join('\r\n')
    assert.deepEqual(readTeamSettings(whole), {
      settings: {
        records: {
          commit: 'always',
          sign: { key: '~/.ssh/baton' },
          keep: { age: 180 * 86_400_000, size: 500_000_000 },
        },
      },
      problems: [],
    })
  })

  it('takes whether and with what is signed', () => {
    assert.equal(signOf('true'), true)
    assert.equal(signOf('false'), false)
    assert.deepEqual(signOf(String.raw`C:\keys\id_ed25519`), { key: String.raw`C:\keys\id_ed25519` })
    assert.equal(signOf('yes'), false)
    assert.deepEqual(problemsOf('records: { sign: yes }'), [
      ['warning', 'settings-invalid-value', '0:17', 'records.sign'],
    ])
  })

  it('takes ages with a unit and sizes with or without', () => {
    assert.deepEqual(keepOf('{ output: 26w }'), { age: 26 * 7 * 86_400_000 })
    assert.deepEqual(keepOf('{ size: 64K }'), { size: 65_536 })
    assert.deepEqual(keepOf('{ size: 64 kB }'), { size: 64_000 })
    assert.deepEqual(keepOf('{ size: 1.5 GiB }'), { size: 1.5 * 1024 ** 3 })
    assert.deepEqual(keepOf('{ size: 1000 }'), { size: 1000 })
    for (const wrong of ['{ output: 180 }', '{ output: soon }', '{ size: big }', '{ size: -1 }']) {
      assert.deepEqual(keepOf(wrong), {}, wrong)
      assert.deepEqual(
        problemsOf(`records:\n  keep: ${wrong}\n`).map(([severity, code]) => [severity, code]),
        [['warning', 'settings-invalid-value']],
      )
    }
  })

  it('leaves one key at its default for one mistake, and says where', () => {
    const text = 'records:\n  commit: sometimes\n  sign: true\n  keep: [1]\n'
    const { settings } = readTeamSettings(text)
    assert.deepEqual(settings, { records: { sign: true, keep: {} } })
    assert.deepEqual(problemsOf(text), [
      ['warning', 'settings-invalid-value', '1:10', 'records.commit'],
      ['warning', 'settings-wrong-type', '3:8', 'records.keep'],
    ])
    assert.deepEqual(problemsOf('records:\n  commit: [always]\n'), [
      ['warning', 'settings-wrong-type', '1:10', 'records.commit'],
    ])
  })

  it('mentions keys that it does not know', () => {
    assert.deepEqual(problemsOf('colour: red\nrecords:\n  comit: always\n  keep: { output: 1d, colour: red }\n'), [
      ['information', 'settings-unknown-key', '0:0', 'colour'],
      ['warning', 'settings-unknown-key', '2:2', 'records.comit'],
      ['information', 'settings-unknown-key', '3:22', 'records.keep.colour'],
    ])
  })

  it('is read as far as it goes when it is no YAML, and never throws', () => {
    const { settings, problems } = readTeamSettings('records:\n  commit: never\nx: [1\n')
    assert.equal(settings.records.commit, 'never')
    assert.ok(problems.some(({ code, severity }) => code === 'settings-invalid-yaml' && severity === 'error'))
    assert.deepEqual(problemsOf('- a\n- b\n'), [['error', 'settings-not-a-mapping', '0:0', undefined]])
    assert.deepEqual(readTeamSettings('- a').settings, defaults)
    assert.equal(readTeamSettings('[ '.repeat(500_000)).problems.length > 0, true)
    for (const text of [
      '&a [*a, *a]',
      '? [a]\n: b',
      '!!binary x',
      'records: &r { commit: *r }',
      '\u0000',
      '---\n---\n',
    ]) {
      assert.deepEqual(readTeamSettings(text).settings, defaults, text)
    }
  })
})
