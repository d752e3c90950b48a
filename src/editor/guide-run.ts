import type { RunDescription, RunEvent, StepDescription } from '../execution/event.ts'
import type { StepEnding, Transcript } from '../record/transcript.ts'
import type { ParameterDeclaration } from '../runbook/parameter.ts'
import type { GuideRun, StepStanding } from '../webview/guide/messages.ts'
import { createRecentOutput, type RecentOutput, recentUnits } from './recent-output.ts'

type Ended = Pick<Extract<RunEvent, { type: 'step-ended' }>, 'stepId' | 'execution'> & Omit<StepEnding, 'time'>

/** A run as the Guide shows it, kept from the stream of its events. */
export interface GuideRunState {
  readonly run?: GuideRun
  readonly standings: Readonly<Record<string, StepStanding>>
}

export interface GuideRunKeeper {
  handle(event: RunEvent): void
  /** Takes over what the record of a run tells: a run that goes on from it keeps how its steps went. */
  recall(run: Transcript): void
  state(): GuideRunState
  /** By step, what it printed the last time it ran: its end where it is long. */
  outputs(): ReadonlyMap<string, string>
  /** What a step printed since this was called last; `reset` says that it stands for everything before. */
  takeOutput(): readonly { readonly stepId: string; readonly text: string; readonly reset: boolean }[]
}

/** @param leftOut says how many bytes of an output a record does not hold */
export function createGuideRun(
  parameters: () => readonly ParameterDeclaration[],
  leftOut: (bytes: number) => string,
): GuideRunKeeper {
  let run: GuideRun | undefined
  let standings: Record<string, StepStanding> = {}
  const outputs = new Map<string, RecentOutput>()
  const fresh = new Map<string, { text: string; reset: boolean }>()
  const executions = new Map<number, { readonly stepId: string; readonly undoes?: string }>()

  function start({ id, operator, parameters: values }: RunDescription, startedAt: number, isContinued: boolean): void {
    const labels = new Map(parameters().map(({ name, label }) => [name, label]))
    const shown = Object.entries(values).map(([name, value]) => ({ label: labels.get(name) ?? name, value }))
    run = { id, state: 'open', startedAt, operator: operator.name, parameters: shown }
    executions.clear()
    if (isContinued) return
    standings = {}
    // Also on the page.
    for (const stepId of outputs.keys()) fresh.set(stepId, { text: '', reset: true })
    outputs.clear()
  }

  function begin(execution: number, { id, serves, attempt }: StepDescription): void {
    executions.set(execution, { stepId: id, ...(serves?.as === 'undo' && { undoes: serves.stepId }) })
    if ((attempt ?? 1) > 1) return
    outputs.set(id, createRecentOutput())
    fresh.set(id, { text: '', reset: true })
  }

  function print(execution: number, text: string): void {
    const stepId = executions.get(execution)?.stepId
    if (stepId === undefined) return
    const output = outputs.get(stepId) ?? createRecentOutput()
    output.add(text)
    outputs.set(stepId, output)
    const waiting = fresh.get(stepId) ?? { text: '', reset: false }
    const reset = waiting.reset || waiting.text.length + text.length > recentUnits
    // What stands for everything is read when it is taken.
    fresh.set(stepId, { text: reset ? '' : waiting.text + text, reset })
  }

  function end(event: Ended): void {
    const { stepId, execution, outcome, durationMs, exitCode, problem, note, attachments, choice, difference } = event
    standings = {
      ...standings,
      [stepId]: {
        outcome,
        durationMs,
        ...(exitCode === undefined ? {} : { exitCode }),
        ...(problem === undefined ? {} : { problem }),
        ...(note === undefined ? {} : { note }),
        ...(attachments && { attachments: attachments.map(({ name }) => name) }),
        ...(choice === undefined ? {} : { choice }),
        ...(difference === undefined ? {} : { difference }),
      },
    }
    const undone = executions.get(execution)?.undoes
    if (undone !== undefined && outcome === 'succeeded') {
      const { [undone]: _, ...others } = standings
      standings = others
    }
    executions.delete(execution)
  }

  return {
    handle(event) {
      switch (event.type) {
        case 'run-started':
          return start(event.run, event.time, run !== undefined && event.run.resumes?.run === run.id)
        case 'step-started':
          return begin(event.execution, event.step)
        case 'output':
        case 'echo':
          return print(event.execution, event.text)
        case 'step-ended':
          return end(event)
        case 'run-ended':
          if (run) run = { ...run, state: 'ended', endedAt: event.time, outcome: event.outcome }
          return
        case 'waiting':
        case 'note':
          return
      }
    },
    recall({ run: description, startedAt, end: last, steps }) {
      if (description === undefined) return
      start(description, startedAt, false)
      for (const step of steps) {
        begin(step.execution, step)
        const { output, omitted } = step
        print(step.execution, omitted ? `${output}\n⋯ ${leftOut(omitted.bytes)}\n${omitted.tail}` : output)
        if (step.result) end({ ...step.result, stepId: step.id, execution: step.execution })
      }
      if (run === undefined || last.kind === 'none') return
      run = { ...run, state: 'ended', ...(last.kind === 'ended' && { endedAt: last.time, outcome: last.outcome }) }
    },
    state: () => ({ ...(run && { run }), standings }),
    outputs: () => new Map([...outputs].map(([stepId, output]) => [stepId, output.text()])),
    takeOutput() {
      const taken = [...fresh].map(([stepId, { text, reset }]) => {
        const whole = reset ? outputs.get(stepId)?.text() : undefined
        return { stepId, text: whole ?? text, reset }
      })
      fresh.clear()
      return taken
    },
  }
}
