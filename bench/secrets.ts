/**
 * Masking against passing the same pieces through, with 10 secrets, in MB of ASCII text a second.
 * Inside an unlocked keyring also: the first read of a fresh helper, and each read after it.
 *
 *   node bench/secrets.ts
 *   bash test/support/with-keyring.sh node bench/secrets.ts
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { createKeychain } from '../src/machine/keychain/keychain.ts'
import { createMasker } from '../src/secrets/create-masker.ts'

const PIECE = 64 * 1024
const TOTAL = 128 * 1024 * 1024

const secrets = Array.from({ length: 10 }, (_, index) => ({
  name: `SECRET_${index}`,
  value: `${'pGhAK7xs3q'[index]}${(index * 7919 + 104729).toString(36)}-Correct.Horse${index}!`,
}))

/** Lines as a package manager writes them, one in ten with a secret in it. */
function sample(withSecrets: boolean): string {
  let text = ''
  for (let line = 0; text.length < PIECE; line++) {
    const secret = withSecrets && line % 10 === 0 ? ` --password=${secrets[(line / 10) % 10]?.value}` : ''
    text += `Setting up gnome-keyring (42.1-${line}+b2) in /usr/share/pkg-${line} ...${secret}\n`
  }
  return text.slice(0, PIECE)
}

function megabytesPerSecond(write: (piece: string) => string, text: string): number {
  let length = 0
  const begin = performance.now()
  for (let done = 0; done < TOTAL; done += text.length) {
    // A piece of output is a fresh string each time.
    length += write(Buffer.from(text, 'latin1').toString('latin1')).length
  }
  const seconds = (performance.now() - begin) / 1000
  if (length === 0) throw new Error('Nothing was written')
  return TOTAL / 1e6 / seconds
}

for (const [title, text] of [
  ['no secret in the text', sample(false)],
  ['a secret in every tenth line', sample(true)],
] as const) {
  const stream = createMasker(secrets).stream()
  megabytesPerSecond((piece) => stream.write(piece), text)
  const masked = megabytesPerSecond((piece) => stream.write(piece), text)
  const passed = megabytesPerSecond((piece) => piece, text)
  console.log(
    `masker, 10 secrets, ${title}: ${masked.toFixed(0)} MB/s (at least 150), ` +
      `${(passed / masked).toFixed(1)} times a pass-through of ${passed.toFixed(0)} MB/s`,
  )
}

const root = join(import.meta.dirname, '..')
// Never in the keychain of whoever runs this.
if (process.env.BATON_KEYRING === 'unlocked') {
  const folder = mkdtempSync(join(tmpdir(), 'baton-bench-'))
  try {
    await benchKeychain(bundledHelper(folder))
  } finally {
    rmSync(folder, { recursive: true })
  }
} else {
  console.log('keychain: skipped, run it as: bash test/support/with-keyring.sh node bench/secrets.ts')
}

/** As in the package: one CommonJS file. */
function bundledHelper(to: string): string {
  const outfile = join(to, 'keychain-helper.cjs')
  const entry = join(root, 'src/machine/keychain/keychain-helper.ts')
  buildSync({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'cjs', minify: true })
  return outfile
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
}
