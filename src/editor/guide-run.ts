import type { RunEvent } from '../execution/event.ts'
import type { ParameterDeclaration } from '../runbook/parameter.ts'
import type { GuideRun, StepStanding } from '../webview/guide/messages.ts'
import { createRecentOutput, type RecentOutput, recentUnits } from './recent-output.ts'

type Ended = Extract<RunEvent, { type: 'step-ended' }>

/** A run as the Guide shows it, kept from the stream of its events. */
export interface GuideRunState {
  readonly run?: GuideRun
  readonly standings: Readonly<Record<string, StepStanding>>
}

export interface GuideRunKeeper {
  handle(event: RunEvent): void
  state(): GuideRunState
  /** By step, what it printed the last time it ran: its end where it is long. */
  outputs(): ReadonlyMap<string, string>
  /** What a step printed since this was called last; `reset` says that it stands for everything before. */
  takeOutput(): readonly { readonly stepId: string; readonly text: string; readonly reset: boolean }[]
}

export function createGuideRun(parameters: () => readonly ParameterDeclaration[]): GuideRunKeeper {
  let run: GuideRun | undefined
  let standings: Record<string, StepStanding> = {}
  const outputs = new Map<string, RecentOutput>()
  const fresh = new Map<string, { text: string; reset: boolean }>()
  const executions = new Map<number, { readonly stepId: string; readonly undoes?: string }>()

  function begin(stepId: string, isRetry: boolean): void {
    if (isRetry) return
    outputs.set(stepId, createRecentOutput())
    fresh.set(stepId, { text: '', reset: true })
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
        case 'run-started': {
          const { id, operator, parameters: values } = event.run
          const labels = new Map(parameters().map(({ name, label }) => [name, label]))
          const shown = Object.entries(values).map(([name, value]) => ({ label: labels.get(name) ?? name, value }))
          run = { id, state: 'open', startedAt: event.time, operator: operator.name, parameters: shown }
          standings = {}
          outputs.clear()
          fresh.clear()
          executions.clear()
          return
        }
        case 'step-started': {
          const { id, serves, attempt } = event.step
          executions.set(event.execution, { stepId: id, ...(serves?.as === 'undo' && { undoes: serves.stepId }) })
          return begin(id, (attempt ?? 1) > 1)
        }
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
