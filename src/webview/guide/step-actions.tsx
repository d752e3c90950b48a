import { useEffect, useRef, useState } from 'preact/hooks'
import type { Answer } from '../../execution/event.ts'
import { t } from '../page.ts'
import { Attachments, type Draft } from './attachments.tsx'
import type { GuideStep } from './messages.ts'
import type { GuideProps } from './props.ts'

interface StepActionsProps extends GuideProps {
  readonly step: GuideStep
  readonly note: string
  readonly onNote: (note: string) => void
}

/** What can be done at a step now. The first button is the one that Enter presses. */
export function StepActions(props: StepActionsProps) {
  const { progress, step } = props
  if (!progress.isTrusted) return null
  switch (step.kind) {
    case 'command':
      return <CommandActions {...props} />
    case 'manual':
      return <ManualActions {...props} />
    case 'decision':
      return <DecisionActions {...props} />
  }
}

function CommandActions({ progress, post, step }: StepActionsProps) {
  const outcome = progress.standings[step.id]?.outcome
  const isFine = outcome === 'succeeded' || outcome === 'skipped'
  const { next } = progress
  const run = (className: string, words: string) => (
    <button
      type="button"
      class={className}
      disabled={progress.isBusy}
      onClick={() => post({ type: 'run', stepId: step.id, drawn: step.drawn })}
    >
      <span aria-hidden="true">▶ </span>
      {words}
    </button>
  )
  const goOn = (className: string) =>
    next && (
      <button type="button" class={className} onClick={() => post({ type: 'go', to: next })}>
        {t('Next')}
      </button>
    )
  return (
    <div class="actions">
      {outcome === undefined && run('primary large', t('Run'))}
      {outcome !== undefined && isFine && [goOn('primary large'), run('', t('Run again'))]}
      {outcome !== undefined && !isFine && [run('primary large', t('Run again')), goOn('')]}
    </div>
  )
}

function ManualActions({ progress, post, step, note, onNote }: StepActionsProps) {
  const [drafts, setDrafts] = useState<readonly Draft[]>([])
  const settle = async (kind: 'done' | 'skip' | 'fail') => {
    const answer: Answer = note.trim() === '' ? { kind } : { kind, note: note.trim() }
    const files = await Promise.all(
      drafts.map(async ({ id, file }) => ({ id, name: file.name, content: new Uint8Array(await file.arrayBuffer()) })),
    )
    post({ type: 'settle', stepId: step.id, drawn: step.drawn, answer, files })
  }
  const isDisabled = isElsewhere(progress, step)
  return (
    <>
      <div class="note-field">
        <label class="label" for="note">
          {t('Note')}
        </label>
        <GrowingText id="note" value={note} onInput={onNote} onSubmit={() => settle('done')} />
      </div>
      <Attachments drafts={drafts} onDrafts={setDrafts} attached={attachedHere(progress, step)} />
      <div class="actions">
        <button type="button" class="primary large" disabled={isDisabled} onClick={() => settle('done')}>
          <span aria-hidden="true">✓ </span>
          {t('Done')}
        </button>
        <button type="button" disabled={isDisabled} onClick={() => settle('skip')}>
          {t('Skip')}
        </button>
        <button type="button" disabled={isDisabled} onClick={() => settle('fail')}>
          {t('Fail')}
        </button>
      </div>
    </>
  )
}

function DecisionActions({ progress, post, step }: StepActionsProps) {
  const choose = (target: string) =>
    post({ type: 'settle', stepId: step.id, drawn: step.drawn, answer: { kind: 'choice', target }, files: [] })
  const chosen = progress.standings[step.id]?.choice
  return (
    <div class="actions ways">
      {step.choices?.map(({ label, target }) => (
        <button
          key={target + label}
          type="button"
          class="way large"
          aria-pressed={chosen === target}
          disabled={isElsewhere(progress, step)}
          onClick={() => choose(target)}
        >
          {label}
          <span aria-hidden="true" class="quiet">
            →
          </span>
        </button>
      ))}
    </div>
  )
}

function attachedHere({ question, attached }: GuideProps['progress'], step: GuideStep): readonly string[] {
  return question?.stepId === step.id ? attached : []
}

/** The run is busy with something else than to wait for this step. */
function isElsewhere({ isBusy, question }: GuideProps['progress'], step: GuideStep): boolean {
  return isBusy && question?.stepId !== step.id
}

interface GrowingTextProps {
  readonly id: string
  readonly value: string
  readonly onInput: (value: string) => void
  /** Ctrl+Enter. */
  readonly onSubmit: () => void
}

/** A field that is as high as what is in it. */
function GrowingText({ id, value, onInput, onSubmit }: GrowingTextProps) {
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    const { current } = field
    if (current === null) return
    current.style.height = 'auto'
    current.style.height = `${current.scrollHeight + 2}px`
  }, [value])
  return (
    <textarea
      id={id}
      ref={field}
      rows={1}
      value={value}
      placeholder={t('What should be remembered?')}
      onInput={({ currentTarget }) => onInput(currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
        event.preventDefault()
        onSubmit()
      }}
    />
  )
}
