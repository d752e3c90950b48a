import assert from 'node:assert/strict'
import { armor, Encrypter } from 'age-encryption'
import { describe, it } from 'mocha'
import { readAgeFile } from '../../../src/secrets/transfer/age-file.ts'
import { readContent, type TransferContent, writeContent } from '../../../src/secrets/transfer/content.ts'
import { identitiesIn } from '../../../src/secrets/transfer/identity.ts'
import { checkPassphrase } from '../../../src/secrets/transfer/passphrase.ts'
import { transfers } from '../../../src/secrets/transfer/transfer.ts'

const content: TransferContent = {
  from: { name: '佐藤 健', email: 'k.sato@example.co.jp' },
  time: Date.UTC(2026, 10, 28, 9, 30),
  secrets: [
    { name: 'LDAP_PASSWORD', value: 'pässwörd-値-😀', label: '管理者のパスワード', setAt: Date.UTC(2026, 8, 1) },
    { name: 'KEY_FILE', value: '-----BEGIN-----\nline\r\n\tend"\\\n' },
  ],
}

const bytesOf = (text: string) => new TextEncoder().encode(text)
const noLimit = Number.POSITIVE_INFINITY

/** An armored file as an editor breaks its lines. */
function rewrapped(text: string): string {
  const [begin = '', ...lines] = text.trim().split('\n')
  const base64 = lines.slice(0, -1).join('')
  return [begin, ...(base64.match(/.{1,30}/g) ?? []), lines.at(-1)].join('\n')
}

/** What the content has to say, written by hand. */
const json = (changes: object = {}, secrets: readonly unknown[] = [{ name: 'A_KEY', value: 'long enough' }]) =>
  JSON.stringify({
    baton: 'secrets',
    format: 1,
    from: { name: 'x' },
    time: '2026-11-28T00:00:00Z',
    secrets,
    ...changes,
  })

const codeOf = (text: string) => {
  const read = readContent(text, noLimit)
  return read.kind === 'problem' ? read.problem.code : 'content'
}

describe('the content of a file of secrets', () => {
  it('comes back as it was written', () => {
    assert.deepEqual(readContent(writeContent(content), noLimit), { kind: 'content', content, refused: [] })
  })

  it('is JSON that says what it is and how it is written', () => {
    const { baton, format, time, secrets } = JSON.parse(writeContent(content))
    assert.deepEqual([baton, format, time], ['secrets', 1, '2026-11-28T09:30:00.000Z'])
    assert.deepEqual(secrets[0], { ...content.secrets[0], setAt: '2026-09-01T00:00:00.000Z' })
  })

  it('of a newer version is told from what is none', () => {
    assert.equal(codeOf(json({ planet: 'Mars' })), 'content')
    assert.equal(codeOf(json({ format: 2, secrets: 'elsewhere' })), 'newer-format')
    for (const other of [
      '',
      'x',
      '[]',
      '{}',
      '"secrets"',
      json({ baton: 'runs' }),
      json({ format: '1' }),
      json({ secrets: {} }),
    ]) {
      assert.equal(codeOf(other), 'not-secrets', other)
    }
    for (const entry of [null, 'A', {}, { name: 'A_KEY' }, { name: 'A_KEY', value: 7 }, { value: 'long enough' }]) {
      assert.equal(codeOf(json({}, [entry])), 'not-secrets', JSON.stringify(entry))
    }
  })

  it('has secrets that may not be kept refused, each with its reason, and the others taken', () => {
    const value = 'long enough'
    const text = json({}, [
      { name: 'A_KEY', value },
      { name: 'a-key', value },
      { name: 'age-identity', value },
      { name: 'A KEY\nSECOND=1', value },
      { name: 'PATH', value },
      { name: 'LD_PRELOAD', value },
      { name: 'A_KEY', value: 'another value' },
      { name: 'SHORT', value: 'abc' },
      { name: 'NUL', value: 'a\0bcdef' },
      { name: 'LONG', value: 'あ'.repeat(4) },
    ])
    const read = readContent(text, 11)
    assert.ok(read.kind === 'content')
    assert.deepEqual(read.content.secrets, [{ name: 'A_KEY', value }])
    assert.deepEqual(
      read.refused.map(({ name, code }) => `${name}: ${code}`),
      [
        'a-key: name-foreign',
        'age-identity: name-foreign',
        'A KEY\nSECOND=1: name-foreign',
        'PATH: name-reserved',
        'LD_PRELOAD: name-reserved',
        'A_KEY: name-twice',
        'SHORT: secret-too-short',
        'NUL: secret-has-nul',
        'LONG: secret-too-long',
      ],
    )
  })

  it('is not believed about the future', () => {
    const read = readContent(
      json({}, [{ name: 'A_KEY', value: 'long enough', setAt: '2031-01-01T00:00:00Z' }]),
      noLimit,
    )
    assert.ok(read.kind === 'content')
    assert.deepEqual(read.content.secrets, [{ name: 'A_KEY', value: 'long enough' }])
  })
})

describe('a file of secrets', function () {
  this.timeout(30_000)

  async function sealed(to: readonly string[]): Promise<string> {
    const result = await transfers.seal(content, { kind: 'recipients', recipients: to })
    assert.ok(result.kind === 'sealed')
    return result.text
  }

  async function opened(file: Uint8Array, identities: readonly string[]): Promise<string> {
    const read = await transfers.open(file, { identities }, noLimit)
    if (read.kind === 'problem') return read.problem.code
    assert.deepEqual(read.content, content)
    return 'content'
  }

  it('opens for each of its recipients and for nobody else', async () => {
    const [one, two, other] = [
      await transfers.createIdentity(),
      await transfers.createIdentity(),
      await transfers.createIdentity(),
    ]
    const text = await sealed([one.recipient, two.recipient, one.recipient])
    assert.match(text, /^-----BEGIN AGE ENCRYPTED FILE-----\n/)
    assert.ok(!text.includes('LDAP'))
    const file = bytesOf(text)
    assert.equal(await opened(file, [one.identity]), 'content')
    assert.equal(await opened(file, [other.identity, two.identity]), 'content')
    assert.equal(await opened(file, []), 'identity-needed')
    assert.equal(await opened(file, ['AGE-SECRET-KEY-1X']), 'identity-invalid')
    const refused = await transfers.open(file, { identities: [other.identity] }, noLimit)
    assert.deepEqual(refused, {
      kind: 'problem',
      problem: { code: 'not-for-this-identity', values: { recipient: other.recipient } },
    })
  })

  it('is read as mail and editors hand it on', async () => {
    const { identity, recipient } = await transfers.createIdentity()
    const text = await sealed([recipient])
    const forms = {
      binary: armor.decode(text),
      crlf: bytesOf(text.replaceAll('\n', '\r\n')),
      'in the text of a mail': bytesOf(`Hello,\n\n  ${text.replaceAll('\n', '\n  ')}\nRegards\n`),
      'UTF-8 with a byte order mark': bytesOf(`\ufeff${text}`),
      'UTF-16 of PowerShell': new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le')),
      'wrapped anew': bytesOf(rewrapped(text)),
    }
    for (const [name, file] of Object.entries(forms)) assert.equal(await opened(file, [identity]), 'content', name)
  })

  it('that was changed or cut is found out, wherever that was', async () => {
    const { identity, recipient } = await transfers.createIdentity()
    const good = armor.decode(await sealed([recipient]))
    for (let at = 0; at < good.length; at += 5) {
      const changed = Uint8Array.from(good)
      changed[at] = (changed[at] ?? 0) ^ 1
      assert.match(
        await opened(changed, [identity]),
        /^(damaged|not-age|newer-age|not-for-this-identity)$/,
        `byte ${at}`,
      )
      const cut = await opened(good.subarray(0, at), [identity])
      assert.match(cut, /^(damaged|not-age|identity-needed)$/, `cut at ${at}`)
    }
    const text = await sealed([recipient])
    for (const length of [40, 100, text.length - 40, text.length - 10]) {
      assert.equal(await opened(bytesOf(text.slice(0, length)), [identity]), 'damaged', `cut at ${length}`)
    }
    assert.equal(await opened(bytesOf(text.replace(/\n(.)/, '\n*')), [identity]), 'damaged')
  })

  it('is told from other files before anybody is asked for anything', () => {
    const kindOf = (file: Uint8Array) => {
      const found = readAgeFile(file)
      return found.kind === 'problem' ? found.problem.code : found.opensWith
    }
    for (const other of ['', '{"baton":"secrets"}', 'PK\x03\x04', '-----BEGIN PGP MESSAGE-----\n']) {
      assert.equal(kindOf(bytesOf(other)), 'not-age', other)
    }
    assert.equal(kindOf(bytesOf('age-encryption.org/v9\n-> X25519 a\n')), 'newer-age')
    const withCost = (cost: number) =>
      bytesOf(`age-encryption.org/v1\n-> scrypt c2FsdHNhbHRzYWx0c2E ${cost}\nAAAA\n--- AAAA\n`)
    assert.deepEqual(
      [kindOf(withCost(18)), kindOf(withCost(20)), kindOf(withCost(21))],
      ['passphrase', 'passphrase', 'too-costly'],
    )
  })

  it('that holds something else is no file of secrets', async () => {
    const { identity, recipient } = await transfers.createIdentity()
    for (const plain of ['hello', new Uint8Array([0xff, 0xfe, 0x00])]) {
      const encrypter = new Encrypter()
      encrypter.addRecipient(recipient)
      assert.equal(await opened(await encrypter.encrypt(plain), [identity]), 'not-secrets')
    }
  })
})

describe('whom secrets go to', () => {
  const problemOf = async (...recipients: string[]) => await transfers.checkRecipients(recipients)

  it('is checked down to the last character', async () => {
    const { recipient } = await transfers.createIdentity()
    assert.equal(await problemOf(recipient), undefined)
    assert.equal((await problemOf())?.code, 'recipient-missing')
    for (const wrong of [
      '',
      'sato',
      recipient.slice(0, -1),
      recipient.replace(/.$/, (last) => (last === 'q' ? 'p' : 'q')),
      `${recipient} `,
    ]) {
      assert.deepEqual(await problemOf(recipient, wrong), { code: 'recipient-invalid', values: { recipient: wrong } })
    }
    assert.equal((await problemOf('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA x'))?.code, 'recipient-ssh')
  })

  it('is never an identity, and that is not repeated', async () => {
    const { identity } = await transfers.createIdentity()
    assert.deepEqual(await problemOf(identity), { code: 'recipient-private', values: {} })
    assert.deepEqual(await problemOf(identity.toLowerCase()), { code: 'recipient-private', values: {} })
  })

  it('may be a passphrase that nobody guesses', () => {
    const code = (passphrase: string) => checkPassphrase(passphrase)?.code
    assert.equal(code('short-enough'.slice(0, 11)), 'passphrase-short')
    assert.equal(code('😀😁😂😃😄😅'), 'passphrase-short')
    assert.equal(code('aaaaaaaaaaaaaaaaaaaa'), 'passphrase-simple')
    assert.equal(code('abcabcabcabcabc'), 'passphrase-simple')
    assert.equal(code('correct horse'), undefined)
    assert.equal(code('引き継ぎの合言葉は長いほどよい'), undefined)
  })
})

describe('an identity file', () => {
  it('is what age-keygen writes', async () => {
    const { identity, recipient } = await transfers.createIdentity()
    const text = `# created: 2026-11-28T09:30:00Z\n# public key: ${recipient}\n${identity}\n`
    assert.deepEqual(identitiesIn(text), { identities: [identity] })
    assert.deepEqual(identitiesIn(`\ufeff${text.replaceAll('\n', '\r\n')}`), { identities: [identity] })
  })

  it('that is none is said to be none, without its content', () => {
    const codeOf = (text: string) => JSON.stringify(identitiesIn(text))
    for (const text of [
      '',
      '# only\n',
      'age1abc\n',
      'AGE-SECRET-KEY-1ABC\npassword\n',
      '-----BEGIN OPENSSH PRIVATE KEY-----\n',
    ]) {
      assert.equal(codeOf(text), '{"code":"identity-invalid","values":{}}', text)
    }
    assert.equal(codeOf('-----BEGIN AGE ENCRYPTED FILE-----\nx'), '{"code":"identity-encrypted","values":{}}')
  })
})
