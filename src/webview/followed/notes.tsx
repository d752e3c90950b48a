import type { FollowedNote } from '../../record/follow.ts'
import { formatDate } from '../../wording/dates.ts'
import { locale, t } from '../page.ts'

/** What the predecessor wrote down, then or later. */
export function FollowedNotes({ notes }: { readonly notes: readonly FollowedNote[] }) {
  return (
    <>
      {notes.map(({ by, time, text, isLater, isOutdated }) => (
        <figure class="predecessor-note" key={`${time} ${text}`}>
          <figcaption class="quiet">
            {isLater ? t('Note added later by {0}', by) : t('Note by {0}', by)}
            {isLater && ` · ${formatDate(time, Date.now(), locale)}`}
            {isOutdated && ` · ${t('the record changed after this note')}`}
          </figcaption>
          <p>{text}</p>
        </figure>
      ))}
    </>
  )
}
