import { useEffect, useRef, useState } from 'preact/hooks'
import { type Mastery, masteries } from '../../record/act.ts'
import { type StepComparison, verdictOf } from '../../record/compare.ts'
import { masteryWord } from '../../wording/follow.ts'
import { t } from '../page.ts'
import { comparedWords } from './compared.tsx'
import type { FromFollowed, SignOffView } from './messages.ts'

interface FollowedEndProps {
  readonly steps: readonly { readonly id: string; readonly title: string }[]
  readonly compared: Readonly<Record<string, StepComparison>>
  readonly signOff: SignOffView
  readonly isTrusted: boolean
  readonly post: (message: FromFollowed) => void
}

/** At the end: what was the same, what was not, and how one came through it. */
export function FollowedEnd({ steps, compared, signOff, isTrusted, post }: FollowedEndProps) {
  const isSame = (step: StepComparison | undefined) => step !== undefined && verdictOf(step) === 'same'
  const others = steps.filter(({ id }) => !isSame(compared[id]))
  const same = steps.length - others.length
  return (
    <section class="followed-end" aria-label={t('Compared')}>
      {signOff.hasOwnRun && (
        <>
          <h2>{t('Same result: {0} of {1} steps', same, steps.length)}</h2>
          {others.length > 0 && (
            <>
              <p class="label">{t('What was not the same:')}</p>
              <ul>
                {others.map(({ id, title }) => (
                  <li key={id}>
                    {title} <span class="quiet">{comparedWords(compared[id])}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
        </>
      )}
      {isTrusted ? (
        <SignOff signOff={signOff} post={post} />
      ) : (
        <p>
          {t('This folder is not trusted: nothing runs, and nothing is put on record. You can look at everything.')}
        </p>
      )}
    </section>
  )
}

function SignOff({ signOff, post }: Pick<FollowedEndProps, 'signOff' | 'post'>) {
  const { signed, hasOwnRun, problem } = signOff
  const [isTogether, setTogether] = useState(false)
  const [companion, setCompanion] = useState('')
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [isTogether])
  const answer = (mastery: Mastery) => {
    if (mastery === 'practised' && !isTogether) return setTogether(true)
    const name = companion.trim()
    post({ type: 'sign-off', mastery, ...(mastery === 'practised' && name !== '' && { with: name }) })
    setTogether(false)
  }
  const choices = masteries.filter((mastery) => hasOwnRun || mastery === 'watched')
  return (
    <section class="sign-off" aria-labelledby="sign-off">
      <h2 id="sign-off">{t('How did you come through it?')}</h2>
      <div class="actions">
        {choices.map((mastery) => (
          <button
            key={mastery}
            type="button"
            class="large"
            aria-pressed={signed === mastery || (mastery === 'practised' && isTogether)}
            onClick={() => answer(mastery)}
          >
            {masteryWord(mastery, t)}
          </button>
        ))}
      </div>
      {isTogether && (
        <form
          class="with"
          onSubmit={(event) => {
            event.preventDefault()
            answer('practised')
          }}
        >
          <label for="with">{t('Together with whom? ')}</label>
          <input
            id="with"
            ref={field}
            value={companion}
            onInput={({ currentTarget }) => setCompanion(currentTarget.value)}
          />
          <button type="submit" class="primary">
            {t('Put on record')}
          </button>
        </form>
      )}
      {!hasOwnRun && <p class="quiet">{t('Once you have carried out steps yourself, there is more to say here.')}</p>}
      <p role="status">
        {problem ? (
          <span class="reason">{problem}</span>
        ) : (
          signed && (
            <>
              <span aria-hidden="true">✓ </span>
              {t('On record: {0}', masteryWord(signed, t))}
            </>
          )
        )}
      </p>
    </section>
  )
}
