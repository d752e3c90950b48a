// What `bench/output.ts` bundles and runs: `output-path.cjs ASSETS [MIB]`, where ASSETS holds the scripts of the shells.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { maskedOutput } from '../src/execution/masked-output.ts'
import { streamDecoder } from '../src/machine/decode.ts'
import { fastTextDigest } from '../src/machine/fast-text-digest.ts'
import { privateFolder } from '../src/machine/ownership/private-folder.ts'
import { openRecordFile } from '../src/machine/records/file.ts'
import { fifoPipes } from '../src/machine/shells/output-pipe.ts'
import { createShells } from '../src/machine/shells/shells.ts'
import { createRecorder } from '../src/record/recorder.ts'
import { parseRunbook } from '../src/runbook/parse.ts'
import { createMasker } from '../src/secrets/create-masker.ts'
import { openRun } from './open-run.ts'

const mebibytes = Number(process.argv[3] ?? 1024)
const rounds = 3
const ratioLimit = 0.5
const growthLimit = 100e6
/** Written once and printed again and again: what costs is not to be the disk. */
const blockMebibytes = 16

const lines = {
  English: (n: number) =>
    `2026-11-21T09:${n % 60}:00Z INFO  user k.sato-${n} was added to the group "sales" (took ${n % 97} ms)\n`,
  Japanese: (n: number) =>
    `2026-11-21 09:${n % 60}:00 情報 ユーザー k.sato-${n} をグループ「営業」に追加しました (${n % 97} ms)\n`,
}

const secrets = Object.fromEntries(
  Array.from({ length: 10 }, (_, n) => [`SECRET_${n}`, `${'Qx7#kk2!pq'.slice(n)}correct-horse-${n}-battery`]),
)

const folder = mkdtempSync(join(tmpdir(), 'baton-bench-'))
const shells = createShells({ assets: process.argv[2] ?? '' })

function blockOf(line: (n: number) => string): Buffer {
  const parts: Buffer[] = []
  for (let size = 0, n = 0; size < blockMebibytes * 1024 * 1024; n++) {
    // A secret now and then, as a careless program would print it.
    const part = Buffer.from(n % 5000 === 0 ? `token=${secrets[`SECRET_${n % 10}`]}\n` : line(n))
    parts.push(part)
    size += part.length
  }
  return Buffer.concat(parts)
}

/** Decoding and hashing alone, by nothing but Node, of bytes that are in memory already. */
function inMemory(block: Buffer, times: number): number {
  const start = performance.now()
  const take = decodedAndHashed()
  for (let i = 0; i < times; i++) {
    for (let at = 0; at < block.length; at += 65_536) take(block.subarray(at, at + 65_536))
  }
  return performance.now() - start
}

function decodedAndHashed() {
  const decoder = new TextDecoder()
  const hash = createHash('sha256')
  return (bytes: Buffer) => {
    hash.update(bytes)
    return decoder.decode(bytes, { stream: true })
  }
}

const printing = (file: string, times: number) => `for ((i = 0; i < ${times}; i++)); do cat '${file}'; done`

/** The whole path of bytes that are in memory already: decoded, masked, shown, hashed and recorded on the disk. */
async function wholeInMemory(block: Buffer, times: number): Promise<number> {
  const file = await openRecordFile(join(folder, `memory-${records++}.jsonl`), 'memory.jsonl')
  const recorder = createRecorder(file, { parents: [], digest: fastTextDigest })
  const masker = createMasker(Object.entries(secrets).map(([name, value]) => ({ name, value })))
  const decoder = streamDecoder()
  const start = performance.now()
  const time = Date.now()
  await recorder.handle({ type: 'step-started', time, execution: 1, step: stepInMemory })
  let shown = 0
  const wait = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }).catch(() => undefined)
  const output = maskedOutput(masker.stream(), wait, async (text, inUtf8) => {
    if (text === '') return
    const failure = await recorder.handle({ type: 'output', time, execution: 1, text }, inUtf8)
    if (failure) throw new Error(JSON.stringify(failure))
    shown += text.length
  })
  for (let i = 0; i < times; i++) {
    for (let at = 0; at < block.length; at += 65_536) {
      await output.write(decoder.write(block.subarray(at, at + 65_536)), decoder.utf8?.())
    }
  }
  await output.write(decoder.end())
  await output.end()
  const ended = { time, execution: 1, stepId: 'much', durationMs: 1, outcome: 'succeeded' } as const
  await recorder.handle({ type: 'step-ended', ...ended })
  const ms = performance.now() - start
  await file.close()
  if (shown === 0) throw new Error('nothing was shown')
  return ms
}

let records = 0
const stepInMemory = { id: 'much', kind: 'command', title: 'Much', line: 1, text: 'cat' } as const

/** The same of bytes that come through a pipe, as those of a step do. */
async function floor(file: string, times: number): Promise<number> {
  const folders = privateFolder(join(folder, 'floor'))
  const pipes = fifoPipes(folders)
  const pipe = await pipes.take()
  if (!pipe) throw new Error('there are no FIFOs here')
  const start = performance.now()
  const child = spawn('bash', ['-c', printing(file, times)], { stdio: ['ignore', pipe.writeEnd, 'ignore'] })
  pipe.closeWriteEnd()
  pipe.output.on('data', decodedAndHashed())
  await Promise.all([once(child, 'exit'), once(pipe.output, 'end')])
  const ms = performance.now() - start
  await pipes.close()
  return ms
}

async function whole(file: string, times: number): Promise<{ readonly ms: number; readonly growth: number }> {
  const runbook = parseRunbook(
    `---\nsecrets: [${Object.keys(secrets).join(', ')}]\n---\n\`\`\`bash {name=much secrets=${Object.keys(secrets).join(',')}}\n${printing(file, times)}\n\`\`\`\n`,
  )
  const before = process.memoryUsage().rss
  let peak = before
  let shown = 0
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss)
  }, 20)
  const run = await openRun({
    folder,
    shells,
    digest: fastTextDigest,
    secrets,
    show: (event) => {
      if (event.type === 'output') shown += event.text.length
    },
  })
  const start = performance.now()
  const result = await run.execute(runbook, { kind: 'runbook' })
  const ms = performance.now() - start
  clearInterval(watch)
  await run.finish()
  if (result.kind !== 'finished' || result.outcome !== 'succeeded') throw new Error(JSON.stringify(result))
  if (shown === 0) throw new Error('nothing was shown')
  return { ms, growth: peak - before }
}

async function measure(): Promise<void> {
  const times = Math.max(1, Math.round(mebibytes / blockMebibytes))
  for (const [language, line] of Object.entries(lines)) {
    const block = blockOf(line)
    const file = join(folder, `${language}.txt`)
    writeFileSync(file, block)
    const total = (block.length * times) / 1024 / 1024
    const rate = (ms: number) => `${Math.round(total / (ms / 1000))} MiB/s`
    // In turns, and the best of each: whatever else the computer does at that moment slows down one or the other.
    const floors: number[] = []
    const memories: number[] = []
    const memoryWholes: number[] = []
    const wholes: { readonly ms: number; readonly growth: number }[] = []
    for (let round = 0; round < rounds; round++) {
      memories.push(inMemory(block, times))
      memoryWholes.push(await wholeInMemory(block, times))
      floors.push(await floor(file, times))
      wholes.push(await whole(file, times))
    }
    const floorMs = Math.min(...floors)
    const ms = Math.min(...wholes.map((one) => one.ms))
    const growth = Math.max(...wholes.map((one) => one.growth))
    const memoryMs = Math.min(...memories)
    const memoryWholeMs = Math.min(...memoryWholes)
    const ratio = floorMs / ms
    const memoryRatio = memoryMs / memoryWholeMs
    console.log(`${language}: ${Math.round(total)} MiB`)
    console.log(`  decoded and hashed alone   ${rate(floorMs)} through a pipe, ${rate(memoryMs)} from memory`)
    console.log(`  the whole path             ${rate(ms)}, ${rate(memoryWholeMs)}`)
    console.log(`  ratio                      ${ratio.toFixed(2)}, ${memoryRatio.toFixed(2)}  (limit ${ratioLimit})`)
    console.log(`  growth                     ${Math.round(growth / 1e6)} MB  (limit ${growthLimit / 1e6} MB)`)
    if (Math.min(ratio, memoryRatio) < ratioLimit || growth > growthLimit) process.exitCode = 1
  }
}

measure().finally(() => rmSync(folder, { recursive: true, force: true }))
