import assert from 'node:assert/strict'
import { variablesOf } from '../../../src/execution/variables.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'
import type { CommandStep } from '../../../src/runbook/runbook.ts'

const { frontmatter, steps } = parseRunbook(
  [
    '---',
    'secrets: [{ name: LDAP_PASSWORD }, { name: OTHER }]',
    '---',
    '```sh {secrets=LDAP_PASSWORD}',
    `echo "\${TEAM}" "$USER_ID" $TEAM "$NEW_USER_ID" "$PIN" "$NOTE"`,
    '```',
    '```pwsh',
    'Write-Host $env:user_id $env:other',
    '```',
  ].join('\n'),
)
const commands = steps.filter((step): step is CommandStep => step.kind === 'command')

function variables(index: number): readonly (readonly [string, string | undefined])[] {
  const step = commands[index]
  assert.ok(step)
  const values = {
    USER_ID: 'tanaka',
    TEAM: '営業',
    PIN: '1234',
    NOTE: '',
    UNUSED: 'x',
    OTHER: 'hides behind the secret',
  }
  const found = variablesOf(step, { values, sensitive: ['PIN', 'NOTE'], secrets: frontmatter.secrets })
  return found.map(({ name, value }) => [name, value])
}

describe('the variables of a step', () => {
  it('are those that its text mentions, each once, in its order, and the secrets that its attribute names', () => {
    assert.deepEqual(variables(0), [
      ['TEAM', '営業'],
      ['USER_ID', 'tanaka'],
      ['PIN', '***'],
      ['NOTE', ''],
      ['LDAP_PASSWORD', '***'],
    ])
  })
  it('are found in whatever case where the shell does not tell case', () => {
    assert.deepEqual(variables(1), [
      ['USER_ID', 'tanaka'],
      ['OTHER', '***'],
    ])
  })
  it('may have a value that nobody knows yet', () => {
    const [step] = commands
    assert.ok(step)
    const found = variablesOf(step, { values: { TEAM: undefined }, sensitive: [], secrets: [] })
    assert.deepEqual(found, [{ name: 'TEAM', value: undefined }])
  })
})
