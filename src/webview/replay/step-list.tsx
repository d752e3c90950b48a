import { useEffect, useRef } from 'preact/hooks'
import { outcomeSymbol } from '../../wording/outcomes.ts'
import { t } from '../page.ts'
import type { ReplayedNote, ReplayedStep } from './messages.ts'

export interface StepListProps {
  readonly steps: readonly ReplayedStep[]
  /** The execution that is played. */
  readonly current: number | undefined
  readonly onChoose: (execution: number) => void
  readonly onShow: (execution: number) => void
}

/** What somebody wrote when the run was over. */
export function LaterNotes({ notes }: { readonly notes: readonly ReplayedNote[] }) {
  return (
    <>
      {notes.map(({ text, byline }) => (
        <span class="note later" key={`${byline} ${text}`}>
          <span class="text">{text}</span> <span class="byline">{byline}</span>
        </span>
      ))}
    </>
  )
}

/** The steps of a run: a click plays from there. */
export function StepList({ steps, current, onChoose, onShow }: StepListProps) {
  const list = useRef<HTMLOListElement>(null)
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' })
  }, [current])
  return (
    <ol class="steps" ref={list} aria-label={t('Steps')}>
      {steps.map((step) => (
        <li key={step.execution} aria-current={step.execution === current ? 'step' : undefined}>
          <button type="button" class="quiet step" onClick={() => onChoose(step.execution)}>
            <span class={`outcome ${step.outcome ?? 'open'}`} aria-hidden="true">
              {step.outcome === undefined ? '…' : outcomeSymbol(step.outcome)}
            </span>
            <span class="title">{step.title}</span>
            <span class="ending">{step.ending}</span>
            {step.note && <span class="note">{step.note}</span>}
            <LaterNotes notes={step.annotations} />
          </button>
          <button
            type="button"
            class="quiet show"
            title={t('Show in the runbook')}
            aria-label={`${t('Show in the runbook')}: ${step.title}`}
            onClick={() => onShow(step.execution)}
          >
            ↗
          </button>
        </li>
      ))}
    </ol>
  )
}
