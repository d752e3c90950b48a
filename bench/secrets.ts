/**
 * Masking, in all forms, against passing the same pieces through. Exit code 1 when ten secrets are masked at less than 150 MB
 * of text a second, when fifty take much longer than ten, when a long one among them slows it down, when a masker for a long value
 * takes much longer or more memory to build than its forms and lines account for, when lines of 100 MB take longer than short ones, or when memory
 * grows with the text. Inside an unlocked keyring also: the first read of a fresh helper (at most 150 ms), and each read after
 * it (at most 5 ms).
 *
 *   node bench/secrets.ts
 *   bash test/support/with-keyring.sh node bench/secrets.ts
 */
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createKeychain } from '../src/machine/keychain/keychain.ts'
import { bundled } from './bundled.ts'

const root = join(import.meta.dirname, '..')
const { createMasker }: typeof import('../src/secrets/create-masker.ts') = createRequire(import.meta.url)(
  bundled('src/secrets/create-masker.ts'),
)

const PIECE = 64 * 1024
const TOTAL = 128 * 1024 * 1024
const limit = 150
const growthLimit = 100e6

const secretsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    name: `SECRET_${index}`,
    value: `${'pGhAK7xs3q'[index % 10]}${(index * 7919 + 104729).toString(36)}-Correct.Horse${index}!鍵`,
  }))
const ten = secretsOf(10)

/** A piece of output: lines as a package manager writes them, with what `more` adds to each. */
function sample(more: (line: number) => string, lineEnd = '\n'): Buffer {
  const lines: string[] = []
  for (let line = 0, length = 0; length < PIECE; line++) {
    const text = `Setting up gnome-keyring (42.1-${line}+b2) in /usr/share/pkg-${line} ...${more(line)}${lineEnd}`
    lines.push(text)
    length += text.length
  }
  return Buffer.from(lines.join('').slice(0, PIECE))
}

const samples = {
  'no secret in the text': sample(() => ''),
  Japanese: sample((line) => ` を設定しています（${line} 個目のパッケージ）`),
  'a secret in every tenth line': sample((line) =>
    line % 10 === 0 ? ` --password=${ten[(line / 10) % 10]?.value}` : '',
  ),
  colours: sample(() => ' \u001b[32mdone\u001b[0m'),
  quoted: sample((line) => ` {\\"path\\": \\"D:\\\\share\\\\${line}\\"}`),
  'one line of 128 MB': sample(() => '', ' '),
  // Three ways of looking beside the plain one. Of so many links nobody reads much: no limit.
  'a link in every line': sample((line) => ` \u001b]8;;file:///usr/share/pkg-${line}\u001b\\open\u001b]8;;\u001b\\`),
} as const
const withoutLimit = 'a link in every line'

/** Of processor time: whatever else the computer does at that moment does not count. */
function megabytesPerSecond(write: (piece: string) => string, bytes: Buffer): number {
  let length = 0
  const begin = process.cpuUsage()
  for (let done = 0; done < TOTAL; done += bytes.length) {
    // A piece of output is a fresh string each time.
    length += write(bytes.toString('utf8')).length
  }
  const { user, system } = process.cpuUsage(begin)
  if (length === 0) throw new Error('Nothing was written')
  return TOTAL / (user + system)
}

function maskedAt(count: number, bytes: Buffer): number {
  const stream = createMasker(secretsOf(count)).stream()
  megabytesPerSecond((piece) => stream.write(piece), bytes)
  return Math.max(...[1, 2, 3].map(() => megabytesPerSecond((piece) => stream.write(piece), bytes)))
}

const speeds = new Map<string, number>()
for (const [title, bytes] of Object.entries(samples)) {
  const before = process.memoryUsage().rss
  const masked = maskedAt(10, bytes)
  const growth = process.memoryUsage().rss - before
  const passed = megabytesPerSecond((piece) => piece, bytes)
  speeds.set(title, masked)
  const isLimited = title !== withoutLimit
  console.log(
    `masker, 10 secrets, ${title}: ${masked.toFixed(0)} MB/s${isLimited ? ` (at least ${limit})` : ''}, ${(passed / masked).toFixed(1)} times ` +
      `a pass-through of ${passed.toFixed(0)} MB/s, memory ${(growth / 1e6).toFixed(0)} MB`,
  )
  if (growth > growthLimit || (isLimited && masked < limit)) process.exitCode = 1
}
const speedOf = (title: keyof typeof samples) => speeds.get(title) ?? 0
if (speedOf('one line of 128 MB') * 1.5 < speedOf('no secret in the text')) process.exitCode = 1

const plain = samples['no secret in the text']
const [few, many] = [10, 50].map((count) => maskedAt(count, plain))
console.log(`masker, 50 secrets: ${((few ?? 0) / (many ?? 1)).toFixed(2)} times as long as with 10 (at most 1.5)`)
if ((few ?? 0) > (many ?? 0) * 1.5) process.exitCode = 1
for (const count of [1, 10, 50]) {
  const begin = performance.now()
  createMasker(secretsOf(count))
  console.log(`masker, ${count} secrets: ready after ${(performance.now() - begin).toFixed(0)} ms`)
}

benchLongValues()

// Never in the keychain of whoever runs this.
if (process.env.BATON_KEYRING === 'unlocked') {
  await benchKeychain(bundled('src/machine/keychain/keychain-helper.ts'))
} else {
  console.log('keychain: skipped, run it as: bash test/support/with-keyring.sh node bench/secrets.ts')
}

/** Letters that do not repeat, the same in each run. */
function lettersOf(length: number, seed: number): string {
  let letters = ''
  for (let part = 0; letters.length < length; part++) {
    letters += createHash('sha512').update(`${seed}-${part}`).digest('base64').slice(0, 64)
  }
  return letters.slice(0, length)
}

function benchLongValues(): void {
  const lines = Array.from({ length: 50 }, (_, line) => lettersOf(64, line))
  const key = `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`
  // As many characters as the key, in values of which every form is short: the floor.
  const short = lines.map((value) => ({ name: 'SHORT', value }))
  const floor = built(short)
  for (const [title, value] of [
    ['a 4,096-bit PEM key', key],
    ['a value of 20,000 characters', lettersOf(20_000, 99)],
  ] as const) {
    const { ms, megabytes } = built([{ name: 'LONG', value }])
    const [time, memory] = [ms / floor.ms, megabytes / floor.megabytes]
    console.log(
      `masker, ${title}: ready after ${ms.toFixed(0)} ms of processor time, ${time.toFixed(1)} times (at most 4) as long as 50 values ` +
        `of 64 characters, with ${megabytes.toFixed(0)} MB, ${memory.toFixed(1)} times (at most 2) as much`,
    )
    if (time > 4 || memory > 2) process.exitCode = 1
  }
  const masker = createMasker([...secretsOf(9), { name: 'LONG', value: key }])
  const stream = masker.stream()
  const speed = Math.max(...[1, 2, 3].map(() => megabytesPerSecond((piece) => stream.write(piece), plain)))
  const ratio = ((few ?? 0) / speed).toFixed(2)
  console.log(
    `masker, 10 secrets, one of them a key: ${speed.toFixed(0)} MB/s (at least ${limit}), ${ratio} times as long as with 10`,
  )
  if (speed < limit) process.exitCode = 1
}

/** The fastest of five, and what the tables and texts of one take. */
function built(secrets: Parameters<typeof createMasker>[0]): { readonly ms: number; readonly megabytes: number } {
  const times = [1, 2, 3, 4, 5].map(() => {
    const begin = process.cpuUsage()
    createMasker(secrets)
    const { user, system } = process.cpuUsage(begin)
    return (user + system) / 1000
  })
  const used = () => {
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return (heapUsed + arrayBuffers) / 1e6
  }
  const collect = collector()
  collect()
  const before = used()
  const masker = createMasker(secrets)
  collect()
  const megabytes = used() - before
  if (masker.mask('') !== '') throw new Error('Nothing was written')
  return { ms: Math.min(...times), megabytes }
}

function collector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc')
}

async function benchKeychain(helperFile: string): Promise<void> {
  const open = () => createKeychain({ helperFile, keytarPath: join(root, 'node_modules/keytar') })
  const first = open()
  const failure = await first.set('BENCH', 'a value to read')
  first.dispose()
  if (failure) throw new Error(failure.detail)
  const firstReads: number[] = []
  const reads: number[] = []
  for (let round = 0; round < 10; round++) {
    const keychain = open()
    firstReads.push(await timed(() => keychain.get('BENCH')))
    for (let read = 0; read < 50; read++) reads.push(await timed(() => keychain.get('BENCH')))
    if (round === 9) await keychain.delete('BENCH')
    keychain.dispose()
  }
  report('keychain, start of the helper and first read', firstReads, 150)
  report('keychain, each read after it', reads, 5)
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await work()
  return performance.now() - begin
}

function report(title: string, times: readonly number[], limit: number): void {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN
  const median = at(0.5)
  console.log(
    `${title}: median ${median.toFixed(1)} ms, p95 ${at(0.95).toFixed(1)} ms, ` +
      `${(median / limit).toFixed(2)} of the limit of ${limit} ms`,
  )
  if (!(median <= limit)) process.exitCode = 1
}
