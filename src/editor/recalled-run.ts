import type { RunDescription } from '../execution/event.ts'
import { resolveParameters } from '../execution/parameters.ts'
import type { Transcript } from '../record/transcript.ts'
import type { ParameterDeclaration } from '../runbook/parameter.ts'
import { MASK } from '../secrets/mask.ts'
import type { CutOff } from '../webview/guide/messages.ts'

/** A run that a Guide showed before its window was loaded anew, as its record tells it now. */
export interface RecalledRun {
  /** The path of its record. */
  readonly record: string
  readonly transcript: Transcript
  /** What became of it, where it was not over then. */
  readonly cutOff?: CutOff
}

/**
 * @param run what the Guide kept of it
 * @returns undefined where its record cannot be read any more
 */
export async function recalled(
  { record, isOpen }: { readonly record: string; readonly isOpen: boolean },
  transcriptOf: (record: string) => Promise<Transcript>,
  log: { warn(sentence: string, error: unknown): void },
): Promise<RecalledRun | undefined> {
  try {
    const transcript = await transcriptOf(record)
    if (transcript.run === undefined) return undefined
    const cutOff = transcript.end.kind === 'none' ? 'open' : transcript.end.kind
    return { record, transcript, ...(isOpen && { cutOff }) }
  } catch (error) {
    log.warn(`${record} cannot be read`, error)
    return undefined
  }
}

/** What a run needs that goes on where the window cut one off; undefined where that one may still go on itself. */
export function goingOn(
  { transcript: { run }, cutOff }: RecalledRun,
  declarations: readonly ParameterDeclaration[],
): Continued | undefined {
  if (run === undefined || cutOff === undefined || cutOff === 'open') return undefined
  const declared = new Set(declarations.map(({ name }) => name))
  const parameters = Object.fromEntries(Object.entries(run.parameters).filter(([name]) => declared.has(name)))
  // A record does not hold what is masked, and the runbook may want other values by now: they are asked for then.
  const isWhole =
    Object.values(parameters).every((value) => !value.includes(MASK)) &&
    resolveParameters(declarations, parameters).problems.length === 0
  return { run: run.id, prerequisites: run.prerequisites ?? [], ...(isWhole && { parameters }) }
}

export interface Continued {
  readonly run: string
  /** What was found before the first of the two runs. */
  readonly prerequisites: NonNullable<RunDescription['prerequisites']>
  readonly parameters?: Readonly<Record<string, string>>
}
