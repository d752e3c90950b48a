import { Html } from '../html.tsx'
import { t } from '../page.ts'
import { TerminalOutput } from '../terminal-output.tsx'
import type { ScreenLine } from '../terminal-screen.ts'
import { Clock } from './clock.tsx'
import type { GuideStep } from './messages.ts'
import type { GuideProps } from './props.ts'
import { StepActions } from './step-actions.tsx'
import { StepResult } from './step-result.tsx'
import './step.css'

export interface StepPageProps extends GuideProps {
  readonly step: GuideStep
  readonly output: readonly ScreenLine[]
  readonly note: string
  readonly onNote: (note: string) => void
}

/**
 * One step: what leads to it, what it is, what can be done, and what came of it. What somebody else did at it would stand in a
 * second column, beside this article.
 */
export function StepPage(props: StepPageProps) {
  const { content, progress, post, step, output } = props
  const onLink = (href: string) => post({ type: 'follow-link', href })
  const { current, question } = progress
  const isAsked = question !== undefined && question.stepId === step.id
  const isRunning = current?.stepId === step.id && question === undefined
  const beside = progress.background.find(({ stepId }) => stepId === step.id)
  const standing = current?.stepId === step.id || beside ? undefined : progress.standings[step.id]
  const isAskedBesides = isAsked && question.kind !== 'manual' && question.kind !== 'decision'
  return (
    <article class="step" aria-labelledby="step-title">
      <Html html={step.before} onLink={onLink} />
      {step.kind === 'manual' ? (
        <div id="step-title">
          <Html html={step.text} class="task" onLink={onLink} />
        </div>
      ) : (
        <h2 id="step-title">{step.title}</h2>
      )}
      {step.kind === 'command' && (
        <WhatRuns key={step.id} step={step} isFolded={content.audience === 'anyone' || isAskedBesides} />
      )}
      {standing && <StepResult step={step} standing={standing} />}
      {isRunning && <Running {...props} since={current.startedAt} />}
      {beside && <Beside {...props} since={beside.startedAt} />}
      {!isRunning && !beside && !isAskedBesides && <StepActions {...props} />}
      {output.length > 0 && <TerminalOutput lines={output} label={t('Output')} />}
      <Html html={step.after} class="after" onLink={onLink} />
    </article>
  )
}

function Running({ post, step, since }: StepPageProps & { readonly since: number }) {
  return (
    <div class="actions" aria-busy="true">
      <span class="running">
        <span class="spinner" aria-hidden="true" />
        {step.isInteractive ? t('Type in the terminal') : t('running')} <Clock since={since} />
      </span>
      {step.isInteractive && (
        <button type="button" class="primary" onClick={() => post({ type: 'show-terminal' })}>
          {t('Show terminal')}
        </button>
      )}
      <button type="button" onClick={() => post({ type: 'stop' })}>
        {t('Stop')}
      </button>
    </div>
  )
}

/** It goes on while others run, until the run ends. */
function Beside({ post, progress, step, since }: StepPageProps & { readonly since: number }) {
  const { next } = progress
  return (
    <div class="actions">
      {next && (
        <button type="button" class="primary large" onClick={() => post({ type: 'go', to: next })}>
          {t('Next')}
        </button>
      )}
      <span class="running">
        <span class="spinner" aria-hidden="true" />
        {t('running in the background')} <Clock since={since} />
      </span>
      <button type="button" onClick={() => post({ type: 'stop-background', stepId: step.id })}>
        {t('Stop')}
      </button>
    </div>
  )
}

/** What a command says: open for whoever reads commands, folded for everybody else. */
function WhatRuns({ step, isFolded }: { readonly step: GuideStep; readonly isFolded: boolean }) {
  return (
    <details class="what" open={!isFolded}>
      <summary>
        {t('What will run')} <span class="quiet">{step.shell}</span>
      </summary>
      <pre>
        <code>{step.text}</code>
      </pre>
      {step.expected && (
        <>
          <p class="label">{t('What is expected')}</p>
          <pre>
            <code>{step.expected.text}</code>
          </pre>
        </>
      )}
    </details>
  )
}
