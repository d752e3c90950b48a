import { setTimeout as delay } from 'node:timers/promises'
import type { RunEvent } from '../../../src/execution/event.ts'
import { thisHost } from '../../../src/machine/host.ts'
import { createRecordStore } from '../../../src/machine/records/store.ts'
import { createRecorder } from '../../../src/record/recorder.ts'

// A process of its own that records runs: `node record-writer.ts ROOT ID STEPS RUNS`. Says what is on record: `begun`, and
// `RUN-STEP` for each step.
const [root = '', id = '', steps = '', runs = ''] = process.argv.slice(2)
const store = createRecordStore({ root })
process.stdout.write('begun\n')

for (let run = 0; run < Number(runs); run += 1) {
  const time = Date.now()
  const created = await store.create({ id: `${id}-${run}`, operator: '佐藤 健', time })
  if (created.kind === 'failed') throw new Error(created.reason)
  const recorder = createRecorder(created.file, { parents: await store.tips() })
  const handle = async (event: RunEvent) => {
    const failure = await recorder.handle(event)
    if (failure) throw new Error(failure.problem.values.reason)
  }
  const runbook = { path: 'a.md', title: 'A', sha256: '' }
  const description = {
    id: `${id}-${run}`,
    runbook,
    operator: { name: '佐藤 健' },
    host: thisHost(),
    parameters: {},
    secrets: [],
    origin: 'command-line',
    version: '0',
  } as const
  await handle({ type: 'run-started', time, run: description })
  for (let execution = 1; execution <= Number(steps); execution += 1) {
    const step = { id: `s${execution}`, kind: 'command', title: 'S', line: 1, shell: 'sh', text: 'echo' } as const
    await handle({ type: 'step-started', time: Date.now(), execution, step })
    for (let index = 0; index < 3; index += 1) {
      await handle({ type: 'output', time: Date.now(), execution, text: `${'出力'.repeat(Math.random() * 30_000)}\n` })
      await delay(1)
    }
    await handle({
      type: 'step-ended',
      time: Date.now(),
      execution,
      stepId: step.id,
      outcome: 'succeeded',
      durationMs: 1,
      exitCode: 0,
    })
    process.stdout.write(`${run}-${execution}\n`)
  }
  const counts = { succeeded: Number(steps), failed: 0, skipped: 0, cancelled: 0, 'timed-out': 0 }
  await handle({ type: 'run-ended', time: Date.now(), outcome: 'succeeded', counts })
}
