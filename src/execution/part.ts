import type { CommandStep, Runbook, Step } from '../runbook/runbook.ts'
import type { Answer, Ending, Outcome, Question, Selection } from './event.ts'
import { createFlow, type Flow } from './flow.ts'
import { worstOutcome } from './outcome.ts'
import type { RunPorts } from './run-api.ts'
import type { StepRunner } from './step-runner.ts'

export interface PartSetup {
  readonly runner: StepRunner
  readonly sleep: RunPorts['sleep']
  readonly ask: (question: Question, signal: AbortSignal) => Promise<Answer>
  readonly mask: (text: string) => string
}

/** How long the second try waits; each one after it twice as long, up to `longestWaitMs`. */
const firstWaitMs = 1000
const longestWaitMs = 30_000
/** How often one step may lead back before its failure counts: what fails this often will not mend by repetition. */
const mostJumps = 10

/** Carries out the steps of a part of a runbook, one after the other. */
export async function carryOutPart(
  runbook: Runbook,
  selection: Selection,
  signal: AbortSignal,
  { runner, sleep, ask, mask }: PartSetup,
): Promise<Outcome> {
  const byId = new Map(runbook.steps.map((step) => [step.id, step]))
  const flow = createFlow(runbook, selection)
  const endings: Outcome[] = []
  const jumps = new Map<string, number>()
  /** Steps that did something, oldest first. */
  const carriedOut: Step[] = []

  for (let step = flow.current(); step !== undefined; step = flow.current()) {
    if (signal.aborted) {
      endings.push('cancelled')
      break
    }
    const check = step.kind === 'command' ? byId.get(step.attributes.check ?? '') : undefined
    const checked =
      check && (await runner.perform(runbook, check, signal, { serves: { as: 'check', stepId: step.id } }))
    if (checked !== undefined && checked.isDone === undefined) {
      endings.push(checked.outcome)
      break
    }
    const ending = checked?.isDone ? await runner.pass(runbook, step) : await withRetries(step)
    endings.push(ending.outcome)
    if (ending.outcome !== 'skipped') carriedOut.push(step)
    if (ending.outcome === 'succeeded' || ending.outcome === 'skipped') flow.advance(ending.choice)
    else if (!goesOn(step, ending, flow)) {
      if (hasFailed(ending)) await offerUndo(step)
      break
    }
  }
  return worstOutcome(endings)

  async function withRetries(step: Step): Promise<Ending> {
    const retries = step.kind === 'command' && !step.attributes.background ? (step.attributes.retries ?? 0) : 0
    let ending = await runner.perform(runbook, step, signal)
    for (let attempt = 2; attempt <= retries + 1 && isWorthAnotherTry(ending); attempt++) {
      await sleep(Math.min(firstWaitMs * 2 ** (attempt - 2), longestWaitMs), signal)
      if (signal.aborted) return { outcome: 'cancelled' }
      ending = await runner.perform(runbook, step, signal, { attempt })
    }
    return ending
  }

  /** What a failed step wants to happen next; false: the part ends here. */
  function goesOn(step: Step, ending: Ending, way: Flow): boolean {
    const onFailure = step.kind === 'command' ? step.attributes.onFailure : undefined
    if (!hasFailed(ending) || onFailure === undefined || onFailure === 'stop') return false
    if (onFailure === 'continue') {
      way.advance()
      return true
    }
    const count = (jumps.get(step.id) ?? 0) + 1
    jumps.set(step.id, count)
    return count <= mostJumps && way.jump(onFailure.slice(1))
  }

  async function offerUndo(failed: Step): Promise<void> {
    const steps = [...new Set(carriedOut.toReversed())].flatMap((step) => {
      const undo = undoOf(step)
      return undo === undefined ? [] : [{ step, undo }]
    })
    if (steps.length === 0) return
    const question: Question = {
      kind: 'undo',
      stepId: failed.id,
      title: mask(failed.title),
      steps: steps.map(({ step, undo }) => ({
        stepId: step.id,
        title: mask(step.title),
        undo: { stepId: undo.id, title: mask(undo.title), text: mask(undo.text) },
      })),
    }
    const answer = await ask(question, signal)
    if (answer.kind !== 'done') return
    for (const { step, undo } of steps) {
      const ending = await runner.perform(runbook, undo, signal, { serves: { as: 'undo', stepId: step.id } })
      // What was built on it may stand on it still: what is older is left alone.
      if (ending.outcome !== 'succeeded') return
    }
  }

  function undoOf(step: Step): CommandStep | undefined {
    const undo = step.kind === 'command' ? byId.get(step.attributes.undo ?? '') : undefined
    return undo?.kind === 'command' ? undo : undefined
  }
}

function hasFailed({ outcome }: Ending): boolean {
  return outcome === 'failed' || outcome === 'timed-out'
}

/** A text that does not parse or never started fails the same way again. */
function isWorthAnotherTry(ending: Ending): boolean {
  if (ending.outcome === 'timed-out') return true
  return ending.outcome === 'failed' && ending.exitCode !== undefined && ending.problem?.code !== 'syntax-error'
}
