import type * as vscode from 'vscode'
import type { Answer, Outcome, Question, RunEvent, Selection } from '../execution/event.ts'
import { createFlow } from '../execution/flow.ts'
import type { ExecuteResult, Run, RunPorts } from '../execution/run-api.ts'
import type { Runbook } from '../runbook/runbook.ts'
import type { ActiveRun } from './run-activity.ts'
import type { RunTerminal } from './run-terminal.ts'

/** A run that is open in this window, with what its surfaces show. */
export interface RunSession {
  readonly uri: vscode.Uri
  readonly run: Run
  readonly terminal: RunTerminal
  readonly recordPath: () => string | undefined
  view(): ActiveRun
  question(): Question | undefined
  /** Answers the open question; false when there is none of that kind. */
  answer(answer: Answer): boolean
  execute(runbook: Runbook, selection: Selection): Promise<ExecuteResult>
  /** Whether every step that comes without a choice has been carried out. */
  isComplete(): boolean
}

export interface SessionSetup {
  readonly uri: vscode.Uri
  readonly title: string
  readonly openTerminal: (session: { question(): Question | undefined; answer(answer: Answer): void }) => RunTerminal
  readonly recordPath: () => string | undefined
  readonly onDidChange: () => void
  readonly startRun: (ports: Pick<RunPorts, 'ask' | 'show'>) => Run
}

interface OpenQuestion {
  readonly question: Question
  readonly resolve: (answer: Answer) => void
}

/** Ties one run to its terminal, its open question and its progress. */
export function createRunSession(setup: SessionSetup): RunSession {
  const outcomes = new Map<string, Outcome>()
  let startedAt = Date.now()
  let open: OpenQuestion | undefined
  let current: { readonly stepId: string; readonly startedAt: number } | undefined
  let planned: readonly string[] = []
  let done = new Set<string>()
  let whole: readonly string[] = []

  function answer(given: Answer): boolean {
    if (open === undefined || !fits(open.question, given)) return false
    open.resolve(given)
    return true
  }

  function ask(question: Question, signal: AbortSignal): Promise<Answer> {
    return new Promise((resolve) => {
      const settle = (given: Answer) => {
        open = undefined
        signal.removeEventListener('abort', withdraw)
        resolve(given)
        setup.onDidChange()
      }
      const withdraw = () => settle({ kind: 'cancel' })
      signal.addEventListener('abort', withdraw, { once: true })
      open = { question, resolve: settle }
      // `waiting` came before the question was known here: the terminal shows it now.
      terminal.ask(question)
      setup.onDidChange()
    })
  }

  function show(event: RunEvent): void {
    terminal.handle(event)
    switch (event.type) {
      case 'run-started':
        startedAt = event.time
        break
      case 'step-started':
        current = { stepId: event.step.id, startedAt: event.time }
        break
      case 'step-ended':
        outcomes.set(event.stepId, event.outcome)
        done.add(event.stepId)
        current = undefined
        break
      case 'output':
        return
      case 'waiting':
      case 'note':
      case 'run-ended':
        break
    }
    setup.onDidChange()
  }

  const terminal = setup.openTerminal({ question: () => open?.question, answer })
  const run = setup.startRun({ ask, show })

  return {
    uri: setup.uri,
    run,
    terminal,
    recordPath: setup.recordPath,
    question: () => open?.question,
    answer,
    view: () => ({
      id: run.description.id,
      title: setup.title,
      startedAt,
      done: planned.filter((id) => done.has(id)).length,
      total: planned.length,
      outcomes,
      ...(current === undefined
        ? {}
        : { current: { ...current, ...(open === undefined ? {} : { question: open.question }) } }),
    }),
    async execute(runbook, selection) {
      planned = stepsOnTheWay(runbook, selection)
      whole = stepsOnTheWay(runbook, { kind: 'runbook' })
      done = new Set()
      try {
        return await run.execute(runbook, selection)
      } finally {
        current = undefined
        setup.onDidChange()
      }
    },
    isComplete: () =>
      whole.every((id) => {
        const outcome = outcomes.get(id)
        return outcome === 'succeeded' || outcome === 'skipped'
      }),
  }
}

function fits(question: Question, answer: Answer): boolean {
  if (answer.kind === 'choice') {
    return question.kind === 'decision' && question.choices.some(({ target }) => target === answer.target)
  }
  return answer.kind === 'cancel' || question.kind !== 'decision' || answer.kind === 'skip'
}

function stepsOnTheWay(runbook: Runbook, selection: Selection): readonly string[] {
  const flow = createFlow(runbook, selection)
  const ids: string[] = []
  for (let step = flow.current(); step !== undefined; step = flow.current()) {
    ids.push(step.id)
    flow.advance()
  }
  return ids
}
