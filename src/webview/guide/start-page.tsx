import { formatDuration } from '../../wording/durations.ts'
import { stepCount } from '../../wording/outcomes.ts'
import { Html } from '../html.tsx'
import { locale, t } from '../page.ts'
import type { GuideProps } from './props.ts'

/** Before the first step: what this is about, how long it takes, and who knows more. */
export function StartPage({ content, progress, post }: GuideProps) {
  const { next, run } = progress
  const facts = [
    stepCount(progress.way.length, t, locale),
    content.estimate === undefined ? '' : t('about {0}', formatDuration(content.estimate, t, locale)),
    content.owner === undefined ? '' : t('Questions: {0}', content.owner),
  ]
  return (
    <article class="step">
      <h1>{content.title}</h1>
      <p class="quiet">{facts.filter(Boolean).join(' · ')}</p>
      <Html html={content.intro} onLink={(href) => post({ type: 'follow-link', href })} />
      {next && (
        <div class="actions">
          <button type="button" class="primary large" onClick={() => post({ type: 'go', to: next })}>
            {run?.state === 'open' ? t('Go on') : t('Begin')}
          </button>
        </div>
      )}
    </article>
  )
}
