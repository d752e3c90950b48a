import type { CommandStep, Step } from '../runbook/runbook.ts'
import { findDeceptions } from './deceptions.ts'
import type { Answer, Question, StepDescription, StepToApprove } from './event.ts'
import type { Approvals } from './run-api.ts'
import { sha256 } from './step-text.ts'

/** What must be the same for a step to be the one that was approved: the text, what runs it, and where. */
export function approvedContent({ shell, text, attributes }: CommandStep): string {
  return sha256(JSON.stringify([shell, attributes.cwd ?? '', text]))
}

export interface ApprovalSetup {
  readonly approvals: Approvals
  /** Names a step of this runbook for good. */
  readonly placeOf: (step: CommandStep) => string
  readonly mask: (text: string) => string
  readonly ask: (question: Question) => Promise<Answer>
}

/** What an operator let run, in the course of one run. */
export interface ApprovedSteps {
  /** Asks for all texts among `steps` that are new, at once. False: the operator does not want them to run. */
  approve(steps: readonly Step[]): Promise<boolean>
  /** Since when a step of the run is approved. */
  of(step: CommandStep): StepDescription['approval']
}

export function createApprovedSteps({ approvals, placeOf, mask, ask }: ApprovalSetup): ApprovedSteps {
  const since = new Map<string, 'now' | 'earlier'>()

  async function lookUp(step: CommandStep): Promise<StepToApprove | undefined> {
    const content = approvedContent(step)
    if (since.has(content)) return undefined
    const { approved, previous } = await approvals.find(placeOf(step), content)
    if (approved) {
      since.set(content, 'earlier')
      return undefined
    }
    const line = step.textLine + 1
    return {
      stepId: step.id,
      title: mask(step.title),
      line,
      shell: step.shell,
      text: mask(step.text),
      ...(previous === undefined ? {} : { previous: mask(previous) }),
      deceptions: findDeceptions(step.text, line),
    }
  }

  return {
    async approve(steps) {
      const commands = steps.filter((step) => step.kind === 'command').filter(({ attributes }) => !attributes.skip)
      const found = await Promise.all(commands.map(lookUp))
      const unknown = found.filter((step) => step !== undefined)
      const [first] = unknown
      if (first === undefined) return true
      const { stepId, title } = first
      const answer = await ask({ kind: 'approve', stepId, title, steps: unknown })
      if (answer.kind !== 'done') return false
      const approved = commands.filter((_, index) => found[index] !== undefined)
      for (const step of approved) since.set(approvedContent(step), 'now')
      await approvals.add(
        approved.map((step) => ({ place: placeOf(step), sha256: approvedContent(step), text: step.text })),
      )
      return true
    },
    of: (step) => since.get(approvedContent(step)),
  }
}
