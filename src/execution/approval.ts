import type { CommandStep, Step } from '../runbook/runbook.ts'
import { findDeceptions } from './deceptions.ts'
import type { Answer, Question, StepDescription, StepToApprove } from './event.ts'
import type { Approvals } from './run-api.ts'
import type { NeededCommand } from './secret-command.ts'
import { sha256 } from './step-text.ts'

/** What must be the same for a step to be the one that was approved: the text, what runs it, and where. */
export function approvedContent({ shell, text, attributes }: CommandStep): string {
  return sha256(JSON.stringify([shell, attributes.cwd ?? '', text]))
}

/** The same of a command that prints a secret: its text, and which secret. Four fields, so that no step has the same. */
export function approvedCommand({ name, command }: Pick<NeededCommand, 'name' | 'command'>): string {
  return sha256(JSON.stringify(['secret', name, 'from', command]))
}

export interface ApprovalSetup {
  readonly approvals: Approvals
  /** Names a step of this runbook for good, or what else has an id there. */
  readonly placeOf: (id: string) => string
  readonly mask: (text: string) => string
  readonly ask: (question: Question) => Promise<Answer>
}

/** What an operator let run, in the course of one run. */
export interface ApprovedTexts {
  /**
   * Asks for all texts that are new, at once: commands that print secrets, which run first, and steps. False: the operator
   * does not want them to run.
   */
  approve(steps: readonly Step[], commands: readonly NeededCommand[]): Promise<boolean>
  /** Since when a step of the run is approved. */
  of(step: CommandStep): StepDescription['approval']
  ofCommand(command: Pick<NeededCommand, 'name' | 'command'>): StepDescription['approval']
}

/** A text that may have to be approved. */
interface Candidate {
  readonly place: string
  readonly sha256: string
  /** Not masked. */
  readonly text: string
  readonly shown: Omit<StepToApprove, 'previous' | 'deceptions' | 'text'>
}

export function createApprovedTexts({ approvals, placeOf, mask, ask }: ApprovalSetup): ApprovedTexts {
  const since = new Map<string, 'now' | 'earlier'>()

  const ofStep = (step: CommandStep): Candidate => ({
    place: placeOf(step.id),
    sha256: approvedContent(step),
    text: step.text,
    shown: { stepId: step.id, title: mask(step.title), line: step.textLine + 1, shell: step.shell },
  })

  const ofSecret = ({ name, command, label, line, step }: NeededCommand): Candidate => ({
    // No step's id has a colon in this place.
    place: placeOf(`secret:${name}`),
    sha256: approvedCommand({ name, command }),
    text: command,
    shown: { stepId: step.id, title: mask(label ?? name), line, shell: '', secret: name },
  })

  async function lookUp({ place, sha256, text, shown }: Candidate): Promise<StepToApprove | undefined> {
    if (since.has(sha256)) return undefined
    const { approved, previous } = await approvals.find(place, sha256)
    if (approved) {
      since.set(sha256, 'earlier')
      return undefined
    }
    return {
      ...shown,
      text: mask(text),
      ...(previous === undefined ? {} : { previous: mask(previous) }),
      deceptions: findDeceptions(text, shown.line),
    }
  }

  return {
    async approve(steps, commands) {
      const toRun = steps.filter((step) => step.kind === 'command').filter(({ attributes }) => !attributes.skip)
      const candidates = [...commands.map(ofSecret), ...toRun.map(ofStep)]
      const found = await Promise.all(candidates.map(lookUp))
      const unknown = found.filter((text) => text !== undefined)
      const [first] = unknown
      if (first === undefined) return true
      const { stepId, title } = first
      const answer = await ask({ kind: 'approve', stepId, title, steps: unknown })
      if (answer.kind !== 'done') return false
      const approved = candidates.filter((_, index) => found[index] !== undefined)
      for (const { sha256 } of approved) since.set(sha256, 'now')
      await approvals.add(approved.map(({ place, sha256, text }) => ({ place, sha256, text })))
      return true
    },
    of: (step) => since.get(approvedContent(step)),
    ofCommand: (command) => since.get(approvedCommand(command)),
  }
}
