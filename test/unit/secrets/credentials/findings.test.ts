import assert from 'node:assert/strict'
import { findCredentials, type KnownFormats } from '../../../../src/secrets/credentials/findings.ts'
import { secretNameFrom } from '../../../../src/secrets/credentials/secret-name.ts'
import { findingsIn, found, prose } from './scan.ts'

const linesOf = async (text: string, formats?: KnownFormats) =>
  (await findingsIn(text, formats)).map(({ firstLine, lastLine }) => [firstLine, lastLine])

/** Knows one format: `zz-` and digits. */
const zz: KnownFormats = async (text) =>
  [...text.matchAll(/zz-\d+/g)].map(({ 0: { length }, index }) => ({
    rule: 'secretlint-zz',
    kind: 'service',
    name: 'ZZ_TOKEN',
    start: index,
    end: index + length,
    value: { start: index, end: index + length },
  }))

describe('credentials in a runbook', () => {
  it('are found in prose, in fences and in the frontmatter', async () => {
    const text = [
      '---',
      'description: "password: Midori2026!"',
      '---',
      '# パスワード: Midori2026!',
      '',
      '- item',
      '  ```sh',
      '  password=midori',
      '  ```',
      '',
      '```',
      'password=midori',
      '```',
    ].join('\r\n')
    assert.deepEqual(await linesOf(text), [
      [1, 1],
      [3, 3],
      [7, 7],
    ])
  })

  it('taint a line once, with everything that was found in it', async () => {
    const [finding, ...more] = await findingsIn(
      '```sh\ncurl -u a:Midori2026! -H "Authorization: Bearer zz-1234567890123456"\n```',
      zz,
    )
    assert.deepEqual(more, [])
    assert.deepEqual(
      finding?.hits.map(({ rule, name }) => [rule, name]),
      [
        ['curl-user', 'HTTP_PASSWORD'],
        ['secretlint-zz', 'ZZ_TOKEN'],
      ],
    )
  })

  it('that two rules find are one: a known format says more than a password in general', async () => {
    assert.deepEqual(await found('password: zz-123456789', prose, zz), ['secretlint-zz: zz-123456789'])
  })

  it('are found in long texts, with a pause between the pieces', async () => {
    const filler = 'nothing to see here, line after line\n'.repeat(6000)
    let pauses = 0
    const pause = async () => {
      pauses += 1
    }
    const text = `${filler}password: Midori2026!\n${filler}zz-42\n`
    const scan = await findCredentials(text, { kind: prose, directives: true, knownFormats: zz, pause })
    assert.deepEqual(
      scan.findings.map(({ firstLine }) => firstLine),
      [6000, 12001],
    )
    assert.ok(pauses >= 6)
  })

  describe('are excused', () => {
    const lines = (text: string) => linesOf(`# Title\n${text}\n`)

    it('on a line and on the next, in any comment', async () => {
      assert.deepEqual(await lines('password: Midori2026! <!-- secretlint-disable-line -->'), [])
      assert.deepEqual(await lines('<!-- secretlint-disable-next-line -->\npassword: Midori2026!'), [])
      assert.deepEqual(await lines('```sh\npassword=midori # secretlint-disable-line of the practice server\n```'), [])
      assert.deepEqual(await lines('<!-- secretlint-disable-next-line -->\n\npassword: Midori2026!'), [[3, 3]])
    })

    it('from one comment to the other', async () => {
      const text =
        '<!-- secretlint-disable -->\npassword: Midori2026!\n<!-- secretlint-enable -->\npassword: Midori2027!'
      assert.deepEqual(await lines(text), [[4, 4]])
    })

    it('wherever else the same value stands, when the caller says so', async () => {
      const options = { kind: prose, directives: false, knownFormats: zz, pause: async () => undefined }
      const text = 'password: Midori2026! secretlint-disable-line\npassword: Midori2027!'
      const scan = await findCredentials(text, { ...options, excused: new Set(['Midori2027!']) })
      assert.deepEqual(
        scan.findings.map(({ firstLine }) => firstLine),
        [0],
      )
    })
  })
})

describe('the name that a secret could have', () => {
  it('comes from what the value is given to', () => {
    for (const [key, name] of [
      ['password', 'PASSWORD'],
      ['adminPwd', 'ADMIN_PASSWORD'],
      ['DB_PASS', 'DB_PASSWORD'],
      ['client-secret', 'CLIENT_SECRET'],
      ['spring.datasource.password', 'SPRING_DATASOURCE_PASSWORD'],
      // A name that programs have a meaning for, and one that is none.
      ['PSQL_PASSWORD', 'FALLBACK'],
      ['1', 'FALLBACK'],
    ] as const)
      assert.equal(secretNameFrom(key, 'FALLBACK'), name, key)
  })
})
