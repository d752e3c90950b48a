import assert from 'node:assert/strict'
import { encodeLine, type RecordEntry } from '../../../../src/record/line.ts'
import { credentialsInRecord } from '../../../../src/secrets/credentials/record.ts'

const start: RecordEntry = {
  type: 'run-start',
  format: 1,
  parents: ['a'.repeat(64)],
  id: 'abcdefabcdef',
  runbook: { path: 'joining.md', title: 'Joining', sha256: 'b'.repeat(64) },
  operator: { name: 'Sato' },
  host: { name: 'pc', platform: 'linux', pid: 1 },
  parameters: { USER_ID: 'taro' },
  secrets: ['LDAP_PASSWORD'],
  origin: 'command-line',
  version: '0.1.0',
}
const step = (text: string): RecordEntry => ({
  type: 'step-start',
  execution: 1,
  id: 's',
  kind: 'command',
  title: 'S',
  line: 3,
  shell: 'bash',
  text,
  textSha256: 'c'.repeat(64),
})
const output = (text: string, execution = 1): RecordEntry => ({ type: 'output', execution, at: 0, text })

async function tainted(entries: readonly RecordEntry[], excused: readonly string[] = [], chunk = 1000) {
  const bytes = Buffer.concat(entries.map((entry, seq) => encodeLine(seq, null, 0, entry).bytes))
  async function* file() {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk)
  }
  const ports = { knownFormats: async () => [], pause: async () => undefined }
  const found = await credentialsInRecord(file(), new Set(excused), ports)
  return found.map(({ line, hits }) => `${line} ${hits.map(({ rule }) => rule).join(' ')}`)
}

describe('credentials in a record', () => {
  it('are found in parameters, step texts, outputs and notes', async () => {
    assert.deepEqual(await tainted([start, step('echo "$LDAP_PASSWORD"'), output('***\n')]), [])
    assert.deepEqual(await tainted([{ ...start, parameters: { NEW_PASSWORD: 'Midori2026!' } }]), [
      '0 password-assignment',
    ])
    assert.deepEqual(await tainted([start, step('mysql -pMidori2026!'), output('ok\n')]), ['1 mysql'])
    assert.deepEqual(await tainted([start, step('x'), output('ok\npassword: Midori2026!\n')]), [
      '2 password-assignment',
    ])
    assert.deepEqual(await tainted([start, { type: 'note', text: '新しいパスワードは Midori2026! です' }]), [
      '1 password-sentence',
    ])
  })

  it('are found where output was cut into lines of the record', async () => {
    const entries = [
      start,
      step('x'),
      output('pass'),
      output('other\n', 2),
      output('word: Midori'),
      output('2026!\nrest\n'),
    ]
    assert.deepEqual(await tainted(entries, [], 7), ['4 password-assignment'])
  })

  it('are found in a line that is no JSON', async () => {
    const ports = { knownFormats: async () => [], pause: async () => undefined }
    async function* file() {
      yield Buffer.from('not JSON, password: Midori2026!\n')
    }
    assert.equal((await credentialsInRecord(file(), new Set(), ports))[0]?.line, 0)
  })

  it('are none where the runbook says so: in its text, or in the comment of the step', async () => {
    assert.deepEqual(await tainted([start, step('mysql -pMidori2026!')], ['Midori2026!']), [])
    const excused = step('mysql -pMidori2026! # secretlint-disable-line')
    assert.deepEqual(await tainted([start, excused, output('password: Midori2026!\n')]), [])
    // What a program prints excuses nothing.
    assert.deepEqual(await tainted([start, step('x'), output('secretlint-disable\npassword: Midori2026!\n')]), [
      '2 password-assignment',
    ])
  })
})
