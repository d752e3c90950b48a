import type { Answer, Question, RunEvent, Selection } from '../../../src/execution/event.ts'
import { startRun } from '../../../src/execution/run.ts'
import type { Approvals, ExecuteResult, Run, RunPorts } from '../../../src/execution/run-api.ts'
import type { RunShells, Shells, StepExit, StepRequest } from '../../../src/execution/shells.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'

/** What a step of the shell in memory does. */
export type Behaviour = (request: StepRequest) => Promise<StepExit> | StepExit

export const exits =
  (exitCode: number, output = ''): Behaviour =>
  async (request) => {
    if (output !== '') await request.onOutput(output)
    return { kind: 'exited', exitCode, state: request.state }
  }

/** Runs until it is cancelled. */
export const lives: Behaviour = ({ signal, state }) =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve({ kind: 'cancelled', state })))

export interface TrialRun {
  readonly run: Run
  readonly events: readonly RunEvent[]
  readonly asked: readonly Question[]
  readonly waits: readonly number[]
  /** Texts that the shell was given, in order. */
  readonly ran: readonly string[]
  execute(selection?: Selection): Promise<ExecuteResult>
  outcomes(): readonly string[]
}

export interface TrialOptions {
  /** By the text of the step; others succeed. A list is used up one by one, its last one stays. */
  readonly behaviours?: Readonly<Record<string, Behaviour | readonly Behaviour[]>>
  readonly answer?: (question: Question) => Answer
  readonly approvals?: Approvals
  readonly parameters?: Readonly<Record<string, string>>
  readonly onWarmUp?: (shell: string) => void
  readonly ports?: Partial<RunPorts>
}

/** Lets everything run. */
export const approvesAll: Approvals = { find: async () => ({ approved: true }), add: async () => {} }

/** A run of `markdown` in a shell that is a table of behaviours. */
export function trialRun(markdown: string, options: TrialOptions = {}): TrialRun {
  const runbook = parseRunbook(markdown)
  const events: RunEvent[] = []
  const asked: Question[] = []
  const waits: number[] = []
  const ran: string[] = []
  const calls = new Map<string, number>()

  const behaviourOf = (text: string): Behaviour => {
    const found = options.behaviours?.[text]
    if (typeof found === 'function') return found
    const call = calls.get(text) ?? 0
    calls.set(text, call + 1)
    return found?.[Math.min(call, found.length - 1)] ?? exits(0)
  }
  const opened: RunShells = {
    async run(request) {
      ran.push(request.text)
      return behaviourOf(request.text)(request)
    },
    warmUp: (shell) => options.onWarmUp?.(shell),
    close: async () => {},
  }
  const shells: Shells = {
    check: async () => undefined,
    initialState: (cwd) => ({ env: { HOME: '/home/me' }, cwd, local: {} }),
    open: () => opened,
  }
  let time = 0
  const run = startRun(
    {
      description: {
        id: 'abcdefabcdef',
        runbook: { path: 'book.md', title: 'T', sha256: '0'.repeat(64) },
        operator: { name: 'me' },
        host: { name: 'here', platform: 'linux', pid: 1 },
        parameters: options.parameters ?? {},
        secrets: [],
        origin: 'editor',
        version: '0.0.0',
      },
      folder: '/books',
      file: 'book.md',
      parameters: options.parameters ?? {},
      sensitive: [],
    },
    {
      shells,
      resolvePath: (base, path) => `${base}/${path}`,
      now: () => ++time,
      secretCommand: async () => ({ kind: 'cancelled' }),
      secret: async (name) => ({ kind: 'value', value: `value-of-${name}` }),
      approvals: options.approvals ?? approvesAll,
      sleep: async (ms) => {
        waits.push(ms)
      },
      ask: async (question, signal) => {
        asked.push(question)
        if (signal.aborted) return { kind: 'cancel' }
        return options.answer?.(question) ?? { kind: 'done' }
      },
      record: async () => undefined,
      remember: () => undefined,
      show: (event) => {
        events.push(event)
      },
      ...options.ports,
    },
  )
  return {
    run,
    events,
    asked,
    waits,
    ran,
    execute: (selection = { kind: 'runbook' }) => run.execute(runbook, selection),
    outcomes: () =>
      events.flatMap((event) => (event.type === 'step-ended' ? [`${event.stepId} ${event.outcome}`] : [])),
  }
}

const fence = '```'

/** A fence with a name and more attributes. */
export const step = (name: string, text: string, attributes = '', shell = 'sh') =>
  `${fence}${shell} {name=${name} ${attributes}}\n${text}\n${fence}\n\n`
