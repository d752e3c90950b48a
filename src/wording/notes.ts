import type { Annotation } from '../record/annotations.ts'
import { formatDateTime } from './dates.ts'
import type { Translate } from './translate.ts'

/** Who wrote a note, when, and whether the record was another one then. */
export function noteByline(
  { operator, time, isOutdated }: Annotation,
  t: Translate,
  locale: string,
  now: number,
): string {
  const parts = [
    operator.name,
    formatDateTime(time, now, locale),
    ...(isOutdated ? [t('the record changed after this note')] : []),
  ]
  return parts.join(' · ')
}

/** "2 notes". */
export function noteCount(count: number, t: Translate, locale: string): string {
  return count === 1 ? t('1 note') : t('{0} notes', new Intl.NumberFormat(locale).format(count))
}
