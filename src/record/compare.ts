import { changedLines, type DifferenceLine } from '../execution/difference-lines.ts'
import { compareOutputs, type OutputComparison } from './compare-output.ts'
import { pairSteps } from './pair-steps.ts'
import type { Transcript, TranscriptStep } from './transcript.ts'

/** Two runs of one runbook, step by step. */
export interface RunComparison {
  /** Parameters that had other values, or were there in one of the runs only. */
  readonly parameters: readonly ParameterDifference[]
  /** In the order of the second run. */
  readonly steps: readonly StepComparison[]
}

export interface ParameterDifference {
  readonly name: string
  readonly before?: string
  readonly after?: string
}

/** One step: in both runs, or in one of them. The last execution of each counts. */
export type StepComparison =
  | ComparedStep
  | { readonly kind: 'only-before'; readonly before: TranscriptStep }
  | { readonly kind: 'only-after'; readonly after: TranscriptStep }

export interface ComparedStep {
  readonly kind: 'both'
  readonly before: TranscriptStep
  readonly after: TranscriptStep
  /** What changed in the text; missing where it is the same. */
  readonly changedText?: readonly DifferenceLine[]
  /** Both ended the same way: same outcome, exit code and choice. */
  readonly isSameOutcome: boolean
  readonly output: OutputComparison
}

/** What a step came to, in a word. */
export type StepVerdict = 'same' | 'similar' | 'different' | 'only-before' | 'only-after'

/**
 * Compares what is on record of two runs. It takes time linear in the records, but for their differences, which are not
 * looked for beyond a limit.
 */
export function compareRuns(before: Transcript, after: Transcript): RunComparison {
  const parameters = differingParameters(before, after)
  const values = valuesOf(parameters)
  return {
    parameters,
    steps: pairSteps(before.steps, after.steps).flatMap(({ before: from, after: to }): StepComparison[] => {
      if (from && to) return [compareSteps(from, to, values)]
      if (from) return [{ kind: 'only-before', before: from }]
      return to ? [{ kind: 'only-after', after: to }] : []
    }),
  }
}

/** @param values of the parameters that differ between the two runs */
export function compareSteps(
  before: TranscriptStep,
  after: TranscriptStep,
  values: { readonly before: Readonly<Record<string, string>>; readonly after: Readonly<Record<string, string>> },
): ComparedStep {
  return {
    kind: 'both',
    before,
    after,
    ...(before.text !== after.text && { changedText: changedLines(before.text, after.text) }),
    isSameOutcome: endingOf(before) === endingOf(after),
    output: compareOutputs(before, after, values),
  }
}

/** Whether a step came to the same in both runs; what its text was does not count. */
export function verdictOf(step: StepComparison): StepVerdict {
  if (step.kind !== 'both') return step.kind
  if (!step.isSameOutcome) return 'different'
  const { kind } = step.output
  if (kind === 'pruned') return 'similar'
  return kind === 'identical' || kind === 'equivalent' ? 'same' : kind
}

export function differingParameters(
  before: Pick<Transcript, 'run'>,
  after: Pick<Transcript, 'run'>,
): readonly ParameterDifference[] {
  const [from, to] = [before.run?.parameters ?? {}, after.run?.parameters ?? {}]
  const names = new Set([...Object.keys(from), ...Object.keys(to)])
  return [...names].flatMap((name) => {
    const [was, is] = [from[name], to[name]]
    if (was === is) return []
    return [{ name, ...(was !== undefined && { before: was }), ...(is !== undefined && { after: is }) }]
  })
}

/** As `compareSteps` takes them. */
export function valuesOf(parameters: readonly ParameterDifference[]) {
  const side = (which: 'before' | 'after') =>
    Object.fromEntries(parameters.flatMap(({ name, [which]: value }) => (value === undefined ? [] : [[name, value]])))
  return { before: side('before'), after: side('after') }
}

function endingOf({ result }: TranscriptStep): string {
  if (!result) return ''
  return JSON.stringify([result.outcome, result.exitCode ?? 0, result.choice ?? '', result.isDone ?? ''])
}
