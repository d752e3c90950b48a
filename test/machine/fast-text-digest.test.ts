import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { fastTextDigest } from '../../src/machine/fast-text-digest.ts'
import { threadedHash } from '../../src/machine/threaded-hash.ts'
import { textDigest } from '../../src/record/text-digest.ts'

const fox = '🦊'
const texts = [
  ...['', 'abc', '日本語', 'ascii again', 'é', fox, `lone ${fox[0]}`, `${fox[1]} lone`, '\0\ufffd\ufeff'],
  ...[65_535, 65_536, 65_537, 200_000].flatMap((n) => [
    `日${'x'.repeat(n - 2)}${fox}`,
    '日'.repeat(n),
    `é${fox.repeat(n / 2)}`,
    'x'.repeat(n),
  ]),
]

const workerFile = join(import.meta.dirname, '../../src/machine/hash-worker.ts')

describe('a digest of text', () => {
  for (const [how, create] of [
    ['plain', textDigest],
    ['fast', fastTextDigest],
  ] as const) {
    it(`counts, hashes and hands on what UTF-8 makes of it: ${how}`, () => {
      const digest = create()
      const hash = createHash('sha256')
      for (const text of texts) {
        const bytes = Buffer.from(text)
        const parts: Buffer[] = []
        const length = digest.update(text, (part) => parts.push(Buffer.from(part)))
        assert.equal(length, bytes.length)
        assert.ok(Buffer.concat(parts).equals(bytes), JSON.stringify(text.slice(0, 20)))
        hash.update(bytes)
      }
      assert.equal(digest.hex(), hash.digest('hex'))
    })
  }

  for (const [how, file] of [
    ['in a thread', workerFile],
    ['where no thread comes to life', join(import.meta.dirname, 'no-such-worker.ts')],
  ] as const) {
    it(`counts and hashes much in several steps at once, with pauses or without: ${how}`, async () => {
      const create = threadedHash(file)
      const text = `${'x'.repeat(65_000)}日本語${fox}`
      const steps = [1, 20, 100, 700].map((pieces) => ({
        pieces,
        digest: fastTextDigest(create),
        hash: createHash('sha256'),
      }))
      for (let piece = 0; piece < 700; piece++) {
        if (piece % 250 === 50) await sleep(300)
        for (const { pieces, digest, hash } of steps) {
          if (piece >= pieces) continue
          const bytes = Buffer.from(`${piece}${text}`)
          assert.equal(digest.update(`${piece}${text}`), bytes.length)
          hash.update(bytes)
        }
      }
      for (const { pieces, digest, hash } of steps) assert.equal(digest.hex(), hash.digest('hex'), `${pieces} pieces`)
    })
  }

  it('gives the hash at once where the thread has only been started', () => {
    const digest = fastTextDigest(threadedHash(workerFile))
    const text = 'x'.repeat(3 * 1024 * 1024)
    digest.update(text)
    assert.equal(digest.hex(), createHash('sha256').update(text).digest('hex'))
  })

  it('keeps no process alive with a thread that waits for more', () => {
    const script = `
      import { threadedHash } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, '../../src/machine/threaded-hash.ts')).href)}
      const hash = threadedHash(${JSON.stringify(workerFile)})()
      hash.update(new Uint8Array(4 * 1024 * 1024))
      await new Promise((done) => setTimeout(done, 500))
      hash.update(new Uint8Array(4 * 1024 * 1024))
      console.log('over')
    `
    const { status, stdout, signal } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      timeout: 20_000,
    })
    assert.deepEqual({ status, stdout, signal }, { status: 0, stdout: 'over\n', signal: null })
  })
})
