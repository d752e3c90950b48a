import assert from 'node:assert/strict'
import type { CommandStep } from '../../../src/runbook/runbook.ts'
import type { SecretDeclaration } from '../../../src/runbook/secret-declaration.ts'
import { secretsOfStep, secretsOfSteps } from '../../../src/secrets/needed.ts'

const start = { line: 0, character: 0, offset: 0 }
const range = { start, end: start }
const declared: readonly SecretDeclaration[] = ['DB_PASSWORD', 'API_KEY', 'TOKEN'].map((name) => ({ name, range }))

function step(text: string, shell = 'bash', secrets?: readonly string[]): CommandStep {
  const attributes = { unknown: {}, ...(secrets ? { secrets } : {}) }
  return {
    kind: 'command',
    id: 's',
    title: 's',
    named: false,
    range,
    language: shell,
    shell,
    text,
    textLine: 0,
    attributes,
  }
}

describe('the secrets that a step gets', () => {
  it('are those whose name its text holds, in the syntax of any shell', () => {
    for (const text of [
      'psql "$DB_PASSWORD"',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: shell syntax
      'echo ${DB_PASSWORD:?}',
      'Connect $env:DB_PASSWORD',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: shell syntax
      'Connect ${env:DB_PASSWORD}',
      'net use %DB_PASSWORD%',
      'net use !DB_PASSWORD!',
      'os.environ["DB_PASSWORD"]',
      'process.env.DB_PASSWORD',
      'echo パスワードは$DB_PASSWORDです',
    ]) {
      assert.deepEqual(secretsOfStep(step(text), declared), ['DB_PASSWORD'], text)
    }
  })

  it('are not those whose name is only a part of another', () => {
    for (const text of ['$OLD_DB_PASSWORD', '$DB_PASSWORD2', '$DB_PASSWORD_FILE', '$TOKENS', 'db_password', '']) {
      assert.deepEqual(secretsOfStep(step(text), declared), [], text)
    }
  })

  it('are found in any case where the shell does not tell cases apart', () => {
    assert.deepEqual(secretsOfStep(step('$env:Api_Key', 'pwsh'), declared), ['API_KEY'])
    assert.deepEqual(secretsOfStep(step('%api_key%', 'cmd'), declared), ['API_KEY'])
    assert.deepEqual(secretsOfStep(step('$api_key', 'bash'), declared), [])
  })

  it('are also those that the attribute names, once each, in the order of declaration', () => {
    assert.deepEqual(secretsOfStep(step('./deploy $TOKEN', 'bash', ['TOKEN', 'API_KEY', 'UNDECLARED']), declared), [
      'API_KEY',
      'TOKEN',
    ])
  })

  it('of several steps are their union', () => {
    assert.deepEqual(secretsOfSteps([step('$TOKEN'), step('true'), step('$DB_PASSWORD $TOKEN')], declared), [
      'DB_PASSWORD',
      'TOKEN',
    ])
    assert.deepEqual(secretsOfSteps([], declared), [])
  })
})
