import { formatDuration } from '../../wording/durations.ts'
import { outcomeSymbol, outcomeWord } from '../../wording/outcomes.ts'
import { locale, t } from '../page.ts'
import { stepsOfJourney } from './journey.ts'
import type { GuideProps } from './props.ts'
import { resultWords } from './step-result.tsx'
import './end-page.css'

/** Behind the last step: what was done and what was not, and the end of the run. */
export function EndPage({ content, progress, post }: GuideProps) {
  const { run, standings, isBusy } = progress
  const steps = stepsOfJourney(content, progress)
  const open = steps.filter(({ id }) => standings[id] === undefined).length
  const duration = run?.endedAt === undefined ? '' : formatDuration(run.endedAt - run.startedAt, t, locale)
  return (
    <article class="step">
      <h1>{titleOf(progress.cutOff === undefined ? run?.state : undefined, open)}</h1>
      {run && (
        <p class="quiet">
          {[run.outcome && outcomeWord(run.outcome, t), duration, run.operator].filter(Boolean).join(' · ')}
        </p>
      )}
      <ol class="summary">
        {steps.map((step) => {
          const standing = standings[step.id]
          const isFine = standing?.outcome === 'succeeded' || standing?.outcome === 'skipped'
          return (
            <li key={step.id} class={standing === undefined ? 'open' : isFine ? 'fine' : 'bad'}>
              <button
                type="button"
                class="quiet"
                onClick={() => post({ type: 'go', to: { kind: 'step', stepId: step.id } })}
              >
                <span aria-hidden="true" class="symbol">
                  {standing ? outcomeSymbol(standing.outcome) : '○'}
                </span>
                <span class="name">{step.title}</span>
                <span class="words">{standing ? resultWords(step, standing) : t('not done yet')}</span>
              </button>
            </li>
          )
        })}
      </ol>
      <div class="actions">
        {run?.state === 'open' && progress.cutOff === undefined && (
          <button type="button" class="primary large" disabled={isBusy} onClick={() => post({ type: 'finish' })}>
            {t('Finish the run')}
          </button>
        )}
        {run?.state === 'ended' && (
          <button type="button" class="primary large" onClick={() => post({ type: 'show-record' })}>
            {t('Open record')}
          </button>
        )}
      </div>
    </article>
  )
}

function titleOf(state: 'open' | 'ended' | undefined, open: number): string {
  if (state === 'ended') return t('The run has ended')
  return open === 0 ? t('Everything is done') : t('Not everything is done yet')
}
