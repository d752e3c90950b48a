import assert from 'node:assert/strict'
import { parseRunbook } from '../../../src/runbook/parse.ts'
import { inventoryOf } from '../../../src/secrets/inventory.ts'

const entry = (path: string, ...lines: readonly string[]) => ({ path, runbook: parseRunbook(lines.join('\n')) })
const DAY = 86_400_000

const joining = entry(
  'people/joining.md',
  '---',
  'title: Joining',
  'secrets:',
  '  - { name: LDAP_PASSWORD, rotate-every: 90d }',
  '  - { name: UNUSED }',
  '---',
  '```sh {name=create}',
  'ldapadd -w "$LDAP_PASSWORD"',
  '```',
  '```pwsh {name=check}',
  '$env:ldap_password',
  '```',
  '```sh {name=other}',
  'true',
  '```',
)
const leaving = entry(
  'people/leaving.md',
  '---',
  'secrets:',
  '  - { name: LDAP_PASSWORD, label: Directory, owner: sato, rotate-every: 30d }',
  '  - { name: API_TOKEN, label: Token }',
  '---',
  '```sh {name=close secrets=API_TOKEN}',
  'true',
  '```',
)
const third = entry('third.md', '---', 'secrets: [{ name: LDAP_PASSWORD, label: Another, owner: ito }]', '---')

describe('inventoryOf', () => {
  it('has each secret once, sorted by name', () => {
    const names = inventoryOf([joining, leaving, third]).map(({ name }) => name)
    assert.deepEqual(names, ['API_TOKEN', 'LDAP_PASSWORD', 'UNUSED'])
  })

  it('takes the first label and owner that there are, and the shortest rotation', () => {
    const [, merged] = inventoryOf([joining, leaving, third])
    const { label, owner, rotateEvery } = merged ?? {}
    assert.deepEqual({ label, owner, rotateEvery }, { label: 'Directory', owner: 'sato', rotateEvery: 30 * DAY })
  })

  it('says nothing that no runbook says', () => {
    const [, , unused] = inventoryOf([joining, leaving])
    assert.deepEqual(Object.keys(unused ?? {}), ['name', 'uses'])
  })

  it('names the runbooks that declare it, where, and the steps that get it', () => {
    const [token, password] = inventoryOf([joining, leaving, third])
    assert.deepEqual(
      password?.uses.map((use) => [use.entry.path, use.declaration.range.start.line, use.steps.map(({ id }) => id)]),
      [
        ['people/joining.md', 3, ['create', 'check']],
        ['people/leaving.md', 2, []],
        ['third.md', 1, []],
      ],
    )
    assert.deepEqual(
      token?.uses.map((use) => use.steps.map(({ id }) => id)),
      [['close']],
    )
  })

  it('names the command that prints a value only where no runbook has it from the keychain', () => {
    const printed = entry('a.md', '---', 'secrets: [{ name: TOKEN, from: pass show token }]', '---')
    const kept = entry('b.md', '---', 'secrets: [{ name: TOKEN }]', '---')
    assert.equal(inventoryOf([printed, printed])[0]?.from, 'pass show token')
    assert.equal(inventoryOf([printed, kept])[0]?.from, undefined)
  })

  it('is empty without declarations', () => {
    assert.deepEqual(inventoryOf([entry('a.md', '```sh', 'echo', '```')]), [])
  })
})
