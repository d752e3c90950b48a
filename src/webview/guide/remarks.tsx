import { t } from '../page.ts'
import type { CutOff, GuideStep } from './messages.ts'
import type { GuideProps } from './props.ts'
import './question.css'

/** Nothing runs in a folder that nobody trusts; everything can be read. */
export function Untrusted({ post }: GuideProps) {
  return (
    <div class="remark" role="note">
      <p>{t('This folder is not trusted, so nothing runs. You can read everything.')}</p>
      <button type="button" onClick={() => post({ type: 'manage-trust' })}>
        {t('Manage Trust')}
      </button>
    </div>
  )
}

/** Why what was asked for was not done, with the buttons that help. */
export function Refusal({ progress: { refusal }, post }: GuideProps) {
  if (refusal === undefined) return null
  return (
    <div class="remark bad" role="alert">
      <p>{refusal.sentence}</p>
      <div class="actions">
        {refusal.remedies.map((label, index) => (
          <button key={label} type="button" onClick={() => post({ type: 'remedy', index })}>
            {label}
          </button>
        ))}
      </div>
    </div>
  )
}

/** The window went away while the run was open: what became of it. */
export function CutOffRun({ progress: { cutOff }, post }: GuideProps) {
  if (cutOff === undefined) return null
  return (
    <div class="remark" role="note">
      <div>
        <p>{cutOffSentence(cutOff)}</p>
        {cutOff !== 'open' && <p>{t('The next step that you run goes on from it, in a new record.')}</p>}
      </div>
      <button type="button" onClick={() => post({ type: 'show-record' })}>
        {t('Open record')}
      </button>
    </div>
  )
}

function cutOffSentence(cutOff: CutOff): string {
  switch (cutOff) {
    case 'ended':
      return t('This run ended when the window was closed or reloaded. What was done is on record.')
    case 'abandoned':
      return t('This run was cut off when the window went away. What was done until then is on record.')
    case 'open':
      return t('The record of this run has no end yet: the run goes on elsewhere, or is about to be closed.')
  }
}

/** Somewhere else in the runbook the run waits for its operator, or goes on. */
export function WaitingElsewhere({
  content,
  progress,
  post,
  step,
}: GuideProps & { readonly step: GuideStep | undefined }) {
  const { current, question } = progress
  const there = content.steps.find(({ id }) => id === current?.stepId)
  if (there === undefined || there.id === step?.id) return null
  if (question !== undefined && question.kind !== 'manual' && question.kind !== 'decision') return null
  const words = question ? t('waiting for you') : t('running')
  return (
    <div class="remark" role="note">
      <p>{`${there.title}: ${words}`}</p>
      <button type="button" onClick={() => post({ type: 'go', to: { kind: 'step', stepId: there.id } })}>
        {t('Show')}
      </button>
    </div>
  )
}
