// Fifty times a step is cancelled whose processes do not want to end: one ignores TERM, one has left the group, the session
// and its parent. `node bench/cancel.ts` exits with 1 when a process is left after 10 s or a run does not settle.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createShells } from '../src/machine/shells/shells.ts'
import { parseRunbook } from '../src/runbook/parse.ts'
import { openRun } from './open-run.ts'

const times = 50
const limitMs = 10_000
/** Nobody else sleeps as long. */
const nap = `86${process.pid}.25`

const folder = mkdtempSync(join(tmpdir(), 'baton-bench-'))
const shells = createShells({ assets: join(import.meta.dirname, '../src/machine/shells') })
const runbook = parseRunbook(`\`\`\`bash {name=tree}
trap : TERM
sh -c 'trap "" TERM; while :; do sleep ${nap}; done' &
(setsid sh -c 'trap "" TERM; sleep ${nap}; sleep ${nap}' &) &
setsid sleep ${nap} &
echo up
wait; wait; sleep ${nap}
\`\`\`
`)

function left(): number {
  const list = execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' })
  return list.split('\n').filter((line) => line.includes(`sleep ${nap}`) && !line.startsWith('ps ')).length
}

const settled: number[] = []
let problems = 0
try {
  for (let round = 0; round < times; round++) {
    const up = Promise.withResolvers<void>()
    const run = await openRun({ folder, shells, show: ({ type }) => type === 'output' && up.resolve() })
    const result = run.execute(runbook, { kind: 'runbook' })
    await up.promise
    await sleep((round * 7) % 50)
    const start = performance.now()
    if (round % 2 === 0) {
      run.cancel()
      await result
    }
    const outcome = await run.finish()
    settled.push(performance.now() - start)
    while (left() > 0 && performance.now() - start < limitMs) await sleep(50)
    const rest = left()
    if (rest > 0 || outcome !== 'cancelled' || performance.now() - start > limitMs) {
      problems++
      console.log(`round ${round}: ${rest} processes left, the run ${outcome}`)
    }
  }
  const sorted = settled.toSorted((a, b) => a - b)
  const ms = (at: number) => `${Math.round(sorted[at] ?? Number.NaN)} ms`
  console.log(
    `${times} cancelled trees: settled after ${ms(sorted.length >> 1)} (median), ${ms(sorted.length - 1)} (longest)`,
  )
  console.log(`${problems} times something was left after ${limitMs / 1000} s or the run did not end as cancelled`)
  if (problems > 0) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
