import type { PruningPlan, PruningResult } from '../record/pruning.ts'
import type { ActSummary } from '../record/summary.ts'
import { formatBytes } from './byte-sizes.ts'
import { formatDate } from './dates.ts'
import { systemReason } from './execution-problems.ts'
import type { Translate } from './translate.ts'

/** What a pruning takes, in one sentence: "12 runs, 3.4 MB of output". */
export function pruningTotal({ planned, unfinished }: PruningPlan, t: Translate, locale: string): string {
  const all = [...unfinished, ...planned]
  const bytes = all.reduce((sum, { becomes }) => sum + becomes.bytes, 0)
  return all.length === 1
    ? t('1 run, {0} of output', formatBytes(bytes, locale))
    : t('{0} runs, {1} of output', new Intl.NumberFormat(locale).format(all.length), formatBytes(bytes, locale))
}

/** What a pruning leaves as it is, and why; a sentence for each reason. */
export function pruningLeftOut({ unsound, unanchored }: PruningPlan, t: Translate, locale: string): readonly string[] {
  const number = (count: number) => new Intl.NumberFormat(locale).format(count)
  return [
    ...(unanchored.length > 0
      ? [t('Left as they are, because they are neither signed nor pushed: {0}', number(unanchored.length))]
      : []),
    ...(unsound.length > 0
      ? [t('Left as they are, because they are not as they were written: {0}. Check them.', number(unsound.length))]
      : []),
  ]
}

/** What became of it; a sentence for each thing to say. */
export function pruningSentences(result: PruningResult, t: Translate, locale: string): readonly string[] {
  switch (result.kind) {
    case 'busy':
      return [t('Output is being pruned here already. Wait until that is done.')]
    case 'failed':
      return [t('Nothing was pruned: {0} cannot be written: {1}.', result.path, systemReason(result.reason, t))]
    case 'pruned': {
      const { records, failed } = result
      const total = pruningTotal({ planned: records, unfinished: [], unsound: [], unanchored: [] }, t, locale)
      return [
        ...(records.length > 0
          ? [t('Pruned and put on record: {0}. Git’s history still has what was committed.', total)]
          : []),
        ...failed.map(({ path, reason }) =>
          t('{0} could not be replaced: {1}. The next pruning does it.', path, systemReason(reason, t)),
        ),
      ]
    }
  }
}

/** Stands where the output of a step was. */
export function prunedSentence(
  bytes: number,
  pruning: Pick<ActSummary, 'startedAt' | 'operator'> | undefined,
  t: Translate,
  locale: string,
  now: number,
): string {
  const size = formatBytes(bytes, locale)
  if (pruning === undefined) return t('Output pruned ({0})', size)
  return t('Output pruned on {0} by {1} ({2})', formatDate(pruning.startedAt, now, locale), pruning.operator.name, size)
}

/** The same, where it does not matter who did it. */
export function prunedLaterSentence(bytes: number, t: Translate, locale: string): string {
  return t('The output was pruned later ({0}).', formatBytes(bytes, locale))
}
