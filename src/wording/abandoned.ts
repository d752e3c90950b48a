import type { ClosedRecord } from '../record/abandoned.ts'
import { formatDateTime } from './dates.ts'
import { systemReason } from './execution-problems.ts'
import type { Translate } from './translate.ts'

/** Says which runs were cut off and closed, in one sentence, and which records could not be closed, in another. */
export function abandonedSentences(
  records: readonly ClosedRecord[],
  now: number,
  t: Translate,
  locale: string,
): readonly string[] {
  const closed = records.flatMap((record) =>
    record.kind === 'closed' ? [`${record.title} (${formatDateTime(record.startedAt, now, locale)})`] : [],
  )
  const failed = records.flatMap((record) =>
    record.kind === 'failed'
      ? [t('{0} could not be closed: {1}. Run again later.', record.path, systemReason(record.reason, t))]
      : [],
  )
  if (closed.length === 0) return failed
  const names = new Intl.ListFormat(locale).format(closed.slice(0, named))
  const more = closed.length - named
  const all = more > 0 ? t('{0} and {1} more', names, new Intl.NumberFormat(locale).format(more)) : names
  return [t('Cut off before the end, and kept as abandoned: {0}.', all), ...failed]
}

/** Runs that are named before the rest is counted. */
const named = 3
