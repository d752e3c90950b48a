import { Html } from '../html.tsx'
import { t } from '../page.ts'
import type { GuideStep } from './messages.ts'
import type { GuideProps } from './props.ts'

/** One step: what leads to it, what it is, and what follows. A second column would stand beside what is in `step`. */
export function StepPage({ content, post, step }: GuideProps & { readonly step: GuideStep }) {
  const onLink = (href: string) => post({ type: 'follow-link', href })
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
      {step.kind === 'command' && <WhatRuns step={step} isFolded={content.audience === 'anyone'} />}
      <Html html={step.after} class="after" onLink={onLink} />
    </article>
  )
}

/** What a command says: open for whoever reads commands, folded for everybody else. */
function WhatRuns({ step, isFolded }: { readonly step: GuideStep; readonly isFolded: boolean }) {
  return (
    <details class="what" open={!isFolded} key={step.id}>
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
