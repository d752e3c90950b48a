// What a recorded run adds to the bare start of bash: `node bench/shells.ts` exits with 1 when a step costs over 2.5 times it.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { execa } from 'execa'
import type { StepRequest } from '../src/execution/shells.ts'
import { createShells } from '../src/machine/shells/shells.ts'

const times = 100
const limit = 2.5

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

const timed = async (what: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await what()
  return performance.now() - start
}

const spawned = () =>
  new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', ':'], { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.resume()
    child.stderr.resume()
    child.once('close', resolve).once('error', reject)
  })

const throughExeca = () => execa('bash', ['-c', ':'], { stdin: 'ignore', buffer: false })

const shells = createShells({ assets: join(import.meta.dirname, '../src/machine/shells') })
const run = shells.open()
const request: StepRequest = {
  shell: 'bash',
  text: ':',
  place: { file: 'bench.md', line: 3 },
  errors: 'stop',
  state: shells.initialState(process.cwd()),
  grants: {},
  signal: new AbortController().signal,
  onOutput: () => {},
}
let state = request.state
const step = async () => {
  const exit = await run.run({ ...request, state })
  if (exit.kind !== 'exited' || exit.exitCode !== 0) throw new Error(`the step ended as ${JSON.stringify(exit)}`)
  state = exit.state
}

const samples = { spawned: [] as number[], throughExeca: [] as number[], step: [] as number[] }
for (let n = 0; n < 10; n++) {
  await spawned()
  await throughExeca()
  await step()
}
for (let n = 0; n < times; n++) {
  samples.spawned.push(await timed(spawned))
  samples.step.push(await timed(step))
  samples.throughExeca.push(await timed(throughExeca))
}
await run.close()

const floor = median(samples.spawned)
const ratio = median(samples.step) / floor
console.log(`bash -c : by spawn  ${floor.toFixed(2)} ms`)
console.log(`bash -c : by execa  ${median(samples.throughExeca).toFixed(2)} ms`)
console.log(
  `a bash step         ${median(samples.step).toFixed(2)} ms, ${ratio.toFixed(2)} times the first (limit ${limit})`,
)
if (!(ratio <= limit)) process.exitCode = 1
