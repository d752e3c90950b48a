// What a step adds to the bare start of its interpreter, for every shell that is here: `node bench/shells.ts` exits with 1 when
// a bash step costs over 2.5 times it. The others have no limit of their own: what they add is about the same, and what they
// start with is not.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { StepRequest } from '../src/execution/shells.ts'
import { createShells } from '../src/machine/shells/shells.ts'

const times = 40
const limits: Readonly<Record<string, number>> = { bash: 2.5 }

/** The interpreter doing nothing, and a step of it that does nothing. */
const nothing: readonly (readonly [shell: string, bare: readonly string[], text: string])[] = [
  ['bash', ['bash', '--noprofile', '--norc', '-c', ':'], ':'],
  ['sh', ['sh', '-c', ':'], ':'],
  ['zsh', ['zsh', '-f', '-c', ':'], ':'],
  ['fish', ['fish', '--no-config', '-c', ':'], ':'],
  ['python', ['python3', '-u', '-X', 'utf8', '-c', ''], ''],
  ['node', ['node', '-e', ''], ''],
  ['ruby', ['ruby', '-e', ''], ''],
  ['perl', ['perl', '-e', ''], ''],
  ['awk -f', ['awk', 'BEGIN {}'], 'BEGIN {}'],
  ['cmd', ['cmd', '/d', '/c', 'rem'], 'rem'],
]

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

const timed = async (what: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await what()
  return performance.now() - start
}

const spawned = ([program = '', ...args]: readonly string[]) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.resume()
    child.stderr.resume()
    child.once('close', resolve).once('error', reject)
  })

const shells = createShells({ assets: join(import.meta.dirname, '../src/machine/shells') })
const run = shells.open()
let state = shells.initialState(process.cwd())
const step = async (shell: string, text: string) => {
  const request: StepRequest = {
    shell,
    text,
    place: { file: 'bench.md', line: 3 },
    errors: 'stop',
    state,
    grants: {},
    signal: new AbortController().signal,
    onOutput: () => {},
  }
  const exit = await run.run(request)
  if (exit.kind !== 'exited' || exit.exitCode !== 0) throw new Error(`a ${shell} step ended as ${JSON.stringify(exit)}`)
  state = exit.state
}

const ms = (value: number) => `${value.toFixed(1)} ms`.padStart(10)

console.log('shell         bare       step       adds      ratio')
try {
  for (const [shell, bare, text] of nothing) {
    if (await shells.check(shell)) {
      console.log(`${shell.padEnd(8)} not measured: it is not here`)
      continue
    }
    for (let n = 0; n < 5; n++) {
      await spawned(bare)
      await step(shell, text)
    }
    const samples = { bare: [] as number[], step: [] as number[] }
    for (let n = 0; n < times; n++) {
      samples.bare.push(await timed(() => spawned(bare)))
      samples.step.push(await timed(() => step(shell, text)))
    }
    const [floor, whole] = [median(samples.bare), median(samples.step)]
    const [ratio, limit] = [whole / floor, limits[shell]]
    const judged = limit === undefined ? '' : `  (limit ${limit})`
    console.log(
      `${shell.padEnd(8)}${ms(floor)} ${ms(whole)} ${ms(whole - floor)} ${ratio.toFixed(2).padStart(9)}${judged}`,
    )
    if (limit !== undefined && !(ratio <= limit)) process.exitCode = 1
  }
} finally {
  await run.close()
}
