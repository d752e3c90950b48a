import { outcomeWord } from '../../wording/outcomes.ts'
import { t } from '../page.ts'
import { stepsOfJourney } from './journey.ts'
import type { GuideStep } from './messages.ts'
import type { GuideProps } from './props.ts'
import './header.css'

/** Where we are: the runbook, the procedure, and the line of dots. */
export function GuideHeader({ content, progress, post }: GuideProps) {
  const steps = stepsOfJourney(content, progress)
  const { at } = progress
  const index = at.kind === 'step' ? steps.findIndex(({ id }) => id === at.stepId) : -1
  const place = steps[index]?.place ?? []
  return (
    <header>
      <div class="where">
        <button
          type="button"
          class="quiet title"
          onClick={() => post({ type: 'show-runbook' })}
          title={`${content.title} (${content.path})`}
        >
          {content.title}
        </button>
        {place.map((title) => (
          <span key={title} class="place" title={title}>
            {title}
          </span>
        ))}
      </div>
      <div class="progress">
        <ol class="dots" aria-label={t('Steps')}>
          {steps.map((step, position) => (
            <Dot
              key={step.id}
              step={step}
              position={position + 1}
              isHere={position === index}
              state={stateOf(step, progress)}
              onClick={() => post({ type: 'go', to: { kind: 'step', stepId: step.id } })}
            />
          ))}
        </ol>
        {index >= 0 && <span class="count">{`${index + 1}/${steps.length}`}</span>}
      </div>
    </header>
  )
}

type DotState = 'passed' | 'failed' | 'skipped' | 'running' | 'open'

function stateOf({ id }: GuideStep, { current, background, standings }: GuideProps['progress']): DotState {
  if (current?.stepId === id || background.some(({ stepId }) => stepId === id)) return 'running'
  switch (standings[id]?.outcome) {
    case 'succeeded':
      return 'passed'
    case 'failed':
    case 'timed-out':
    case 'cancelled':
      return 'failed'
    case 'skipped':
      return 'skipped'
    case undefined:
      return 'open'
  }
}

interface DotProps {
  readonly step: GuideStep
  readonly position: number
  readonly isHere: boolean
  readonly state: DotState
  readonly onClick: () => void
}

const symbols = { passed: '✓', failed: '✗', skipped: '–', running: '●', open: '' }

function Dot({ step, position, isHere, state, onClick }: DotProps) {
  const label = `${position}. ${step.title}, ${dotWord(state)}`
  return (
    <li>
      <button
        type="button"
        class={`dot ${state}`}
        aria-current={isHere ? 'step' : undefined}
        aria-label={label}
        title={label}
        onClick={onClick}
      >
        <span aria-hidden="true">{symbols[state]}</span>
      </button>
    </li>
  )
}

function dotWord(state: DotState): string {
  switch (state) {
    case 'passed':
      return outcomeWord('succeeded', t)
    case 'failed':
      return outcomeWord('failed', t)
    case 'skipped':
      return outcomeWord('skipped', t)
    case 'running':
      return t('running')
    case 'open':
      return t('not done yet')
  }
}
