// What a whole step costs: masked, shown, recorded and on the disk. `node bench/step.ts` exits with 1 when the median of 100
// such steps is over 2.5 times a bare `bash -c :`. Where there is pwsh: when a step in a warm session takes over 10 ms, or the
// first one of a run over 1.3 times a bare `pwsh -Command 1`.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createShells } from '../src/machine/shells/shells.ts'
import { parseRunbook } from '../src/runbook/parse.ts'
import { openRun } from './open-run.ts'

const times = 100
const limit = 2.5
const pwshLimitMs = 10
const coldTimes = 7
const coldLimit = 1.3

const source = join(import.meta.dirname, '../src/machine')
const shells = createShells({ assets: join(source, 'shells'), watchdogFile: join(source, 'ownership/watchdog.ts') })
const folder = mkdtempSync(join(tmpdir(), 'baton-bench-'))

async function open(language: string, text: string) {
  const markdown = `---\nsecrets: [TOKEN]\n---\n\`\`\`${language} {name=step secrets=TOKEN}\n${text}\n\`\`\`\n`
  const runbook = parseRunbook(markdown)
  const run = await openRun({ folder, shells, secrets: { TOKEN: 'correct horse battery' } })
  const step = async () => {
    const result = await run.execute(runbook, { kind: 'step', stepId: 'step' })
    if (result.kind !== 'finished' || result.outcome !== 'succeeded') throw new Error(JSON.stringify(result))
  }
  return { run, step }
}

const bare = (program = 'bash', args: readonly string[] = ['-c', ':']) =>
  new Promise((done, fail) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.resume()
    child.stderr.resume()
    child.once('close', done).once('error', fail)
  })

async function timed(what: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await what()
  return performance.now() - start
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
const ms = (value: number) => `${value.toFixed(2)} ms`

try {
  const bash = await open('bash', ':')
  await bash.step()
  const floor: number[] = []
  const whole: number[] = []
  for (let i = 0; i < times; i++) {
    floor.push(await timed(() => bare()))
    whole.push(await timed(bash.step))
  }
  await bash.run.finish()
  const ratio = median(whole) / median(floor)
  console.log(`bash -c :                    median ${ms(median(floor))}`)
  console.log(`recorded bash step           median ${ms(median(whole))}  ratio ${ratio.toFixed(2)}  (limit ${limit})`)
  if (ratio > limit) process.exitCode = 1

  if ((await shells.check('pwsh')) === undefined) {
    const pwsh = await open('powershell', '$null = 1')
    for (let i = 0; i < 10; i++) await pwsh.step()
    const warm: number[] = []
    for (let i = 0; i < times; i++) warm.push(await timed(pwsh.step))
    await pwsh.run.finish()
    console.log(`recorded PowerShell step     median ${ms(median(warm))}  (limit ${ms(pwshLimitMs)})`)
    if (median(warm) > pwshLimitMs) process.exitCode = 1

    const alone: number[] = []
    const first: number[] = []
    for (let i = 0; i < coldTimes; i++) {
      alone.push(await timed(() => bare('pwsh', ['-NoProfile', '-NonInteractive', '-Command', '1'])))
      const cold = await open('powershell', '$null = 1')
      first.push(await timed(cold.step))
      await cold.run.finish()
    }
    const coldRatio = median(first) / median(alone)
    console.log(`pwsh -Command 1              median ${ms(median(alone))}`)
    console.log(
      `first PowerShell step        median ${ms(median(first))}  ratio ${coldRatio.toFixed(2)}  (limit ${coldLimit})`,
    )
    if (coldRatio > coldLimit) process.exitCode = 1
  } else {
    console.log('recorded PowerShell step     not measured: there is no pwsh here')
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
