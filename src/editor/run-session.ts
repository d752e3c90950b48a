import type * as vscode from 'vscode'
import type { Answer, Attachment, Outcome, Question, RunEvent, Selection } from '../execution/event.ts'
import { createFlow } from '../execution/flow.ts'
import type { ExecuteResult, Run, RunPorts } from '../execution/run-api.ts'
import type { Attaching, AttachmentSource } from '../execution/run-site.ts'
import type { Runbook } from '../runbook/runbook.ts'
import { createEventsSoFar } from './events-so-far.ts'
import { bytes, t } from './language.ts'
import { createOpenQuestion } from './open-question.ts'
import type { ActiveRun, ActiveStep, BackgroundStep, Failure } from './run-activity.ts'
import type { RunTerminal } from './run-terminal.ts'

/** A run that is open in this window, with what its surfaces show. */
export interface RunSession {
  readonly uri: vscode.Uri
  readonly run: Run
  readonly terminal: RunTerminal
  readonly recordPath: () => string | undefined
  view(): ActiveRun
  question(): Question | undefined
  /** What happened so far, with the end of what each step printed. */
  events(): readonly RunEvent[]
  /** Answers the open question; false when there is none of that kind. */
  answer(answer: Answer): boolean
  execute(runbook: Runbook, selection: Selection): Promise<ExecuteResult>
  /** Keeps a file for the answer to the manual step that waits. */
  attach(source: AttachmentSource): Promise<Attaching>
  /** What was attached to the step that waits. */
  attached(): readonly Attachment[]
  /** Whether every step that comes without a choice has been carried out. */
  isComplete(): boolean
}

export interface SessionSetup {
  readonly uri: vscode.Uri
  readonly title: string
  readonly openTerminal: (session: { question(): Question | undefined; answer(answer: Answer): void }) => RunTerminal
  readonly recordPath: () => string | undefined
  readonly attach: (source: AttachmentSource) => Promise<Attaching>
  readonly onDidChange: () => void
  readonly startRun: (ports: Pick<RunPorts, 'ask' | 'show'>) => Run
  /** Every event of the run, in order. */
  readonly onEvent: (event: RunEvent) => void
  /** Another surface shows this run and its questions: neither the terminal nor an input box comes to the front. */
  readonly isAttended: () => boolean
  /** Has a line of text typed in an input box. */
  readonly askForText: (question: Question & { kind: 'input' }, signal: AbortSignal) => Promise<Answer>
}

/** Ties one run to its terminal, its open question and its progress. */
export function createRunSession(setup: SessionSetup): RunSession {
  const outcomes = new Map<string, Outcome>()
  /** By execution: the step that it undoes. */
  const undoing = new Map<number, string>()
  const failures = new Map<string, Failure>()
  const open = createOpenQuestion(setup.onDidChange)
  const background = new Map<number, BackgroundStep>()
  const soFar = createEventsSoFar()
  let startedAt = Date.now()
  let current: (ActiveStep & { readonly execution: number }) | undefined
  let hasBegun = false
  let planned: readonly string[] = []
  let done = new Set<string>()
  let whole: readonly string[] = []

  function ask(question: Question, signal: AbortSignal): Promise<Answer> {
    const answered = open.put(question, signal)
    // `waiting` came before the question was known here: the terminal shows it now.
    terminal.ask(question)
    if (setup.isAttended()) return answered
    // What is to be read stands there, and one key answers it.
    if (question.kind === 'approve') terminal.show(true)
    if (question.kind === 'input') {
      void setup.askForText(question, signal).then((given) => open.get() === question && open.answer(given))
    }
    return answered
  }

  function stepStarted({ execution, time, step }: Extract<RunEvent, { type: 'step-started' }>): void {
    const active = { stepId: step.id, startedAt: time, interactive: step.interactive ?? false }
    if (step.serves?.as === 'undo') undoing.set(execution, step.serves.stepId)
    if (step.background) background.set(execution, { ...active, title: step.title })
    else current = { ...active, execution }
    // Whoever has just asked for a step that is typed at looks at nothing else; later ones would catch keys meant for others.
    if (step.interactive) terminal.show(!hasBegun)
    hasBegun = true
  }

  function stepEnded(event: Extract<RunEvent, { type: 'step-ended' }>): void {
    const { execution, stepId, outcome, problem, difference } = event
    outcomes.set(stepId, outcome)
    // A step whose work was taken back is one that has not been carried out.
    const undone = undoing.get(execution)
    if (undone !== undefined && outcome === 'succeeded') outcomes.delete(undone)
    done.add(stepId)
    background.delete(execution)
    if (current?.execution === execution) current = undefined
    failures.delete(stepId)
    if (problem !== undefined || difference !== undefined) {
      failures.set(stepId, { ...(problem && { problem }), ...(difference !== undefined && { difference }) })
    }
  }

  function show(event: RunEvent): void {
    terminal.handle(event)
    setup.onEvent(event)
    soFar.take(event)
    switch (event.type) {
      case 'run-started':
        startedAt = event.time
        break
      case 'step-started':
        stepStarted(event)
        break
      case 'step-ended':
        stepEnded(event)
        break
      case 'output':
      case 'echo':
        return
      case 'waiting':
      case 'note':
      case 'run-ended':
        break
    }
    setup.onDidChange()
  }

  function currentStep(): ActiveRun['current'] {
    const question = open.get()
    if (question === undefined) return current
    // A question before the first step, or after a failure, stands at the step that it is about.
    const at = current?.stepId === question.stepId ? current.startedAt : Date.now()
    return { stepId: question.stepId, startedAt: at, question }
  }

  const terminal = setup.openTerminal({
    question: open.get,
    answer: (given) => void open.answer(given),
  })
  const run = setup.startRun({ ask, show })

  return {
    uri: setup.uri,
    run,
    terminal,
    recordPath: setup.recordPath,
    question: open.get,
    events: soFar.all,
    answer: open.answer,
    attached: open.attached,
    async attach(source) {
      const attaching = await setup.attach(source)
      if (attaching.kind === 'attached') {
        const { name, bytes: size } = attaching.attachment
        terminal.say(t('Attached: {0} ({1})', name, bytes(size)))
        open.attach(attaching.attachment)
      }
      return attaching
    },
    view() {
      const now = currentStep()
      return {
        id: run.description.id,
        title: setup.title,
        startedAt,
        done: planned.filter((id) => done.has(id)).length,
        total: planned.length,
        outcomes,
        failures,
        background: [...background.values()],
        ...(now === undefined ? {} : { current: now }),
      }
    },
    async execute(runbook, selection) {
      planned = stepsOnTheWay(runbook, selection)
      whole = stepsOnTheWay(runbook, { kind: 'runbook' })
      done = new Set()
      hasBegun = false
      try {
        return await run.execute(runbook, selection)
      } finally {
        current = undefined
        setup.onDidChange()
      }
    },
    isComplete: () =>
      background.size === 0 &&
      whole.every((id) => {
        const outcome = outcomes.get(id)
        return outcome === 'succeeded' || outcome === 'skipped'
      }),
  }
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
