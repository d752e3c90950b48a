// What an interactive step costs, and whether it keeps its last line: `node bench/terminal.ts` exits with 1 when one of 200
// runs of a program that exits at once lost a line.
import { join } from 'node:path'
import type { StepRequest } from '../src/execution/shells.ts'
import { createShells } from '../src/machine/shells/shells.ts'

const times = 200
const expected = `${Array.from({ length: 2000 }, (_, n) => n + 1).join('\n')}\nEND\n`

const shells = createShells({ assets: join(import.meta.dirname, '../src/machine/shells') })
const run = shells.open()
let output = ''
const plain: StepRequest = {
  shell: 'bash',
  text: 'seq 1 2000; echo END',
  place: { file: 'bench.md', line: 3 },
  errors: 'stop',
  state: shells.initialState(process.cwd()),
  grants: {},
  signal: new AbortController().signal,
  onOutput: (text) => {
    output += text
  },
}
const interactive: StepRequest = {
  ...plain,
  keyboard: {
    size: () => ({ columns: 80, rows: 24 }),
    onKeys: () => () => {},
    onResize: () => () => {},
    onEcho: () => {},
    onLine: () => {},
  },
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

const timed = async (request: StepRequest): Promise<number> => {
  output = ''
  const start = performance.now()
  const exit = await run.run(request)
  if (exit.kind !== 'exited' || exit.exitCode !== 0) throw new Error(`the step ended as ${JSON.stringify(exit)}`)
  return performance.now() - start
}

const costs = { pipes: [] as number[], terminal: [] as number[] }
let kept = 0
let whole = 0
for (let n = 0; n < times; n++) {
  costs.pipes.push(await timed(plain))
  costs.terminal.push(await timed(interactive))
  if (output.endsWith('\nEND\n')) kept++
  if (output === expected) whole++
}
await run.close()

const floor = median(costs.pipes)
const cost = median(costs.terminal)
console.log(`a bash step on pipes        ${floor.toFixed(2)} ms`)
console.log(`the same at a terminal      ${cost.toFixed(2)} ms, ${(cost / floor).toFixed(2)} times the first`)
console.log(`END was recorded            ${kept} times of ${times} (limit ${times})`)
console.log(`every line was recorded     ${whole} times of ${times} (limit ${times})`)
if (kept !== times || whole !== times) process.exitCode = 1
