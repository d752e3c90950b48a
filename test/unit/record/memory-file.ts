import type { RunEvent } from '../../../src/execution/event.ts'
import { createRecorder, type RecordFile } from '../../../src/record/recorder.ts'

export interface MemoryFile extends RecordFile {
  bytes(): Uint8Array
  text(): string
  readonly calls: readonly string[]
  /** Syncs that begin from now on end with this. */
  holdSync(until: Promise<unknown> | undefined): void
}

/** A record's file in memory. `failAt` is the number of the append (from 1) that fails as a full disk does. */
export function memoryFile(failAt = Number.POSITIVE_INFINITY): MemoryFile {
  const pieces: Uint8Array[] = []
  const calls: string[] = []
  let appends = 0
  let held: Promise<unknown> | undefined
  return {
    path: '.baton/runs/2026/09/x.jsonl',
    calls,
    async append(bytes) {
      appends += 1
      calls.push('append')
      if (appends >= failAt) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
      pieces.push(bytes)
    },
    async sync() {
      calls.push('sync')
      await held
    },
    async close() {
      calls.push('close')
    },
    holdSync(until) {
      held = until
    },
    bytes: () => Buffer.concat(pieces),
    text: () => Buffer.concat(pieces).toString('utf8'),
  }
}

export const start = Date.UTC(2026, 8, 1, 9, 30)

export const description = {
  id: 'a1b2c3d4e5f6',
  runbook: { path: 'ops/joining.md', title: '入社時のアカウント作成', sha256: 'ab'.repeat(32) },
  git: { commit: 'cd'.repeat(20), branch: 'main', changed: false },
  operator: { name: '佐藤 健', email: 'k.sato@example.co.jp' },
  host: { name: 'pc-01', platform: 'win32', pid: 4711 },
  parameters: { USER_ID: 't.suzuki' },
  secrets: ['LDAP_PASSWORD'],
  origin: 'editor',
  version: '0.1.0',
} as const

const counts = { succeeded: 2, failed: 0, skipped: 0, cancelled: 0, 'timed-out': 0 } as const

export const runStarted: Extract<RunEvent, { type: 'run-started' }> = {
  type: 'run-started',
  time: start,
  run: description,
}

export function stepStarted(execution: number, text = 'echo hello'): Extract<RunEvent, { type: 'step-started' }> {
  const step = {
    id: `step-${execution}`,
    kind: 'command',
    title: `Step ${execution}`,
    line: 10,
    shell: 'bash',
    text,
  } as const
  return { type: 'step-started', time: start + 1000 * execution, execution, step }
}

export function output(execution: number, text: string, after = 5): RunEvent {
  return { type: 'output', time: start + 1000 * execution + after, execution, text }
}

export function stepEnded(execution: number): Extract<RunEvent, { type: 'step-ended' }> {
  const time = start + 1000 * execution + 500
  return {
    type: 'step-ended',
    time,
    execution,
    stepId: `step-${execution}`,
    outcome: 'succeeded',
    durationMs: 500,
    exitCode: 0,
  }
}

export const runEnded: Extract<RunEvent, { type: 'run-ended' }> = {
  type: 'run-ended',
  time: start + 10_000,
  outcome: 'succeeded',
  counts,
}

/** A run of two steps. */
export const smallRun: readonly RunEvent[] = [
  runStarted,
  stepStarted(1),
  output(1, 'hello\n'),
  stepEnded(1),
  stepStarted(2, 'echo こんにちは'),
  output(2, 'こんにちは\n'),
  stepEnded(2),
  runEnded,
]

export async function record(events: readonly RunEvent[], parents: readonly string[] = []): Promise<Uint8Array> {
  const file = memoryFile()
  const recorder = createRecorder(file, { parents })
  for (const event of events) await recorder.handle(event)
  return file.bytes()
}
