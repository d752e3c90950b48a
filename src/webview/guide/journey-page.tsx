import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { outcomeWord } from '../../wording/outcomes.ts'
import { Compared } from '../followed/compared.tsx'
import { FollowedEnd } from '../followed/followed-end.tsx'
import { FollowedStart } from '../followed/followed-start.tsx'
import { FollowedStep } from '../followed/followed-step.tsx'
import type { Followed } from '../followed/state.ts'
import { t } from '../page.ts'
import { EndPage } from './end-page.tsx'
import { GuideHeader } from './header.tsx'
import { neighbours, stepsOfJourney } from './journey.ts'
import type { GuidePlace, GuideStep } from './messages.ts'
import type { Notes } from './notes.ts'
import type { GuideProps } from './props.ts'
import { QuestionPanel } from './question-panel.tsx'
import { CutOffRun, Refusal, Untrusted, WaitingElsewhere } from './remarks.tsx'
import type { Screens } from './screens.ts'
import { StartPage } from './start-page.tsx'
import { StepPage } from './step-page.tsx'

interface JourneyProps extends GuideProps {
  readonly screens: Screens
  /** The run that is followed, where one is. */
  readonly followed: Followed | undefined
  readonly notes: Notes
  readonly onNotes: (notes: Notes) => void
}

/** The place that is shown, with the ways to its neighbours. */
export function Journey({ screens, followed, notes, onNotes, ...props }: JourneyProps) {
  const { content, progress, post } = props
  const { at, question } = progress
  const step = at.kind === 'step' ? content.steps.find(({ id }) => id === at.stepId) : undefined
  const { before, after } = neighbours(content, progress)
  const go = (to: GuidePlace | undefined) => to && post({ type: 'go', to })
  const main = useRef<HTMLElement>(null)

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return
      if (event.key === 'ArrowLeft') go(before)
      else if (event.key === 'ArrowRight') go(after)
      // A click on the text took the focus away from the button that is meant.
      else if (event.key === 'Enter' && event.target === document.body) {
        event.preventDefault()
        meant(main.current)?.click()
      }
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })

  // At another place, and when something else can be done, Enter presses the button that is meant.
  const outcome = step && progress.standings[step.id]?.outcome
  const focusKey = [at.kind, step?.id, question?.kind, outcome, progress.isBusy, progress.run?.state].join('|')
  useEffect(() => {
    if (isTyping(document.activeElement)) return
    meant(main.current)?.focus()
  }, [focusKey])
  useEffect(() => window.scrollTo(0, 0), [at.kind, step?.id])

  return (
    <div class={followed ? 'guide following' : 'guide'}>
      <GuideHeader {...props} />
      <p class="unseen" role="status">
        {announcement(props, step)}
      </p>
      <main ref={main}>
        {!progress.isTrusted && <Untrusted {...props} />}
        <CutOffRun {...props} />
        <Refusal {...props} />
        {question && (
          <QuestionPanel
            question={question}
            onAnswer={(answer) => post({ type: 'answer', answer })}
            onStop={() => post({ type: 'stop' })}
          />
        )}
        <WaitingElsewhere {...props} step={step} />
        {at.kind === 'start' && (
          <Beside left={followed && <FollowedStart followed={followed.view} />}>
            <StartPage {...props} />
          </Beside>
        )}
        {at.kind === 'end' && <EndPage {...props} />}
        {at.kind === 'end' && followed && (
          <FollowedEnd
            {...followed}
            steps={stepsOfJourney(content, progress)}
            isTrusted={progress.isTrusted}
            post={post}
          />
        )}
        {step && (
          <Beside
            left={
              followed && (
                <FollowedStep
                  followed={followed.view}
                  step={followed.view.steps[step.id]}
                  played={followed.played}
                  post={post}
                />
              )
            }
          >
            <Compared step={followed?.compared[step.id]} />
            <StepPage
              {...props}
              key={step.id}
              step={step}
              output={screens.linesOf(step.id)}
              note={notes[step.id] ?? ''}
              onNote={(note) => onNotes({ ...notes, [step.id]: note })}
            />
          </Beside>
        )}
      </main>
      <nav class="turn" aria-label={t('Steps')}>
        <button type="button" disabled={before === undefined} onClick={() => go(before)}>
          <span class="key" aria-hidden="true">
            ←
          </span>{' '}
          {t('Back')}
        </button>
        <span class="keys quiet">
          <span class="key">Enter</span> {t('presses the highlighted button')}
        </span>
        <button type="button" disabled={after === undefined} onClick={() => go(after)}>
          {t('Next')}{' '}
          <span class="key" aria-hidden="true">
            →
          </span>
        </button>
      </nav>
    </div>
  )
}

/** The button that Enter presses. */
function meant(main: HTMLElement | null): HTMLElement | undefined {
  return (
    main?.querySelector<HTMLElement>('button.primary:not(:disabled, .followed *), button.way:not(:disabled)') ??
    undefined
  )
}

/** Two columns, where there is something for the left one. */
function Beside({ left, children }: { readonly left: ComponentChildren; readonly children: ComponentChildren }) {
  if (!left) return <>{children}</>
  return (
    <div class="beside">
      {left}
      <div>{children}</div>
    </div>
  )
}

/** What a screen reader says when something changes. */
function announcement({ content, progress }: GuideProps, step: GuideStep | undefined): string {
  if (step === undefined) return ''
  const steps = stepsOfJourney(content, progress)
  const place = t('Step {0} of {1}: {2}', steps.indexOf(step) + 1, steps.length, step.title)
  const { current, question, standings } = progress
  const outcome = standings[step.id]?.outcome
  if (question?.stepId === step.id) return `${place}. ${t('waiting for you')}`
  if (current?.stepId === step.id) return `${place}. ${t('running')}`
  return outcome === undefined ? place : `${place}. ${outcomeWord(outcome, t)}`
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement
}
