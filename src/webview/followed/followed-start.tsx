import { formatDate } from '../../wording/dates.ts'
import { locale, t } from '../page.ts'
import { EarlierValues, nameOf } from './followed-step.tsx'
import type { FollowedView } from './messages.ts'
import { FollowedNotes } from './notes.tsx'

/** Before the first step: whose run this is, and what changed since. */
export function FollowedStart({ followed }: { readonly followed: FollowedView }) {
  const { isChanged, gone, notes, startedAt } = followed
  const name = nameOf(followed)
  return (
    <section class="followed" aria-label={t('What {0} did', name)}>
      <h2>{t('Following the run of {0}, {1}', name, formatDate(startedAt, Date.now(), locale))}</h2>
      <p>{t('Beside each step stands what was done then. Carry it out yourself, or only look: go on with →.')}</p>
      <EarlierValues followed={followed} />
      {isChanged && (
        <p class="changed">
          <span aria-hidden="true">△ </span>
          {t('The runbook changed since that run.')}
        </p>
      )}
      {gone.length > 0 && (
        <>
          <p class="label">{t('Ran then, and is not in the runbook any more:')}</p>
          <ul>
            {gone.map(({ execution, title }) => (
              <li key={execution}>{title}</li>
            ))}
          </ul>
        </>
      )}
      <FollowedNotes notes={notes} />
    </section>
  )
}
