import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { changedLines } from '../../execution/difference-lines.ts'
import type { Answer, Question, StepToApprove } from '../../execution/event.ts'
import { deceptionSentence } from '../../wording/deceptions.ts'
import { lostCaptureSentence } from '../../wording/lost-capture.ts'
import { shellName } from '../../wording/shell-names.ts'
import { Difference } from '../difference.tsx'
import { t } from '../page.ts'
import { Readable } from '../readable.tsx'
import './question.css'

interface QuestionProps<Kind extends Question['kind']> {
  readonly question: Extract<Question, { kind: Kind }>
  readonly onAnswer: (answer: Answer) => void
  readonly onStop: () => void
}

/** What a run asks beside its manual steps and decisions, and the buttons that answer it. */
export function QuestionPanel(props: QuestionProps<Question['kind']>) {
  const { question, onAnswer, onStop } = props
  const rest = { onAnswer, onStop }
  switch (question.kind) {
    case 'approve':
      return <Approval {...rest} question={question} />
    case 'confirm':
      return <Confirmation {...rest} question={question} />
    case 'undo':
      return <Undoing {...rest} question={question} />
    case 'input':
      return <TextInput key={question.prompt} {...rest} question={question} />
    case 'manual':
    case 'decision':
      return null
  }
}

/** A key that was meant for something else must not approve what nobody has seen yet. */
const glanceMs = 500

interface AskedProps {
  readonly ask: string
  /** The button that Enter presses. */
  readonly yes: string
  readonly onYes: () => void
  readonly isDisabled?: boolean
  /** What is asked about. */
  readonly children: ComponentChildren
  /** Other answers. */
  readonly others: ComponentChildren
}

/** A question, what it is about, and the buttons that answer it. */
function Asked({ ask, yes, onYes, isDisabled = false, children, others }: AskedProps) {
  return (
    <section class="question" aria-label={ask}>
      <p class="ask">{ask}</p>
      {children}
      <div class="actions">
        <button type="button" class="primary large" disabled={isDisabled} onClick={onYes}>
          {yes}
        </button>
        {others}
      </div>
    </section>
  )
}

function Stop({ onStop }: Pick<QuestionProps<'approve'>, 'onStop'>) {
  return (
    <button type="button" onClick={onStop}>
      {t('Stop')}
    </button>
  )
}

function Approval({ question, onAnswer, onStop }: QuestionProps<'approve'>) {
  const [isSeen, setSeen] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSeen(true), glanceMs)
    return () => clearTimeout(timer)
  }, [question])
  const count = question.steps.length
  return (
    <Asked
      ask={t('You have not run this text before. Read it first:')}
      yes={count === 1 ? t('Approve and run') : t('Approve all {0} and run', count)}
      onYes={() => onAnswer({ kind: 'done' })}
      isDisabled={!isSeen}
      others={<Stop onStop={onStop} />}
    >
      {question.steps.map((step) => (
        <TextToApprove key={step.stepId + (step.secret ?? '')} step={step} />
      ))}
    </Asked>
  )
}

function TextToApprove({ step }: { readonly step: StepToApprove }) {
  const { title, line, shell, text, previous, deceptions, secret } = step
  const deceptive = [...new Set(deceptions.map(({ character }) => character))]
  const what = secret === undefined ? shellName(shell) : t('command that prints {0}', secret)
  return (
    <div class="text">
      <p class="label">
        <strong>
          <Readable text={title} />
        </strong>{' '}
        {[previous === undefined ? t('new') : t('changed'), what, t('line {0}', line)].join(' · ')}
      </p>
      {previous === undefined ? (
        <pre>
          <Readable text={text} deceptive={deceptive} />
        </pre>
      ) : (
        <Difference lines={changedLines(previous, text)} deceptive={deceptive} />
      )}
      {deceptions.map(({ kind, character, line: at, column }) => (
        <p key={`${at}:${column}`} class="alarm">
          {`⚠ ${t('Line {0}, column {1}', at, column)}: ${deceptionSentence(kind, character, t)}`}
        </p>
      ))}
    </div>
  )
}

function Confirmation({ question, onAnswer, onStop }: QuestionProps<'confirm'>) {
  const others = (
    <>
      <button type="button" onClick={() => onAnswer({ kind: 'skip' })}>
        {t('Skip')}
      </button>
      <Stop onStop={onStop} />
    </>
  )
  return (
    <Asked ask={t('Run this step?')} yes={t('Yes, run it')} onYes={() => onAnswer({ kind: 'done' })} others={others}>
      <pre>
        <Readable text={question.text} />
      </pre>
      {question.variables.length > 0 && (
        <dl class="facts">
          {question.variables.map(({ name, value }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value ? <Readable text={value} /> : t('(empty)')}</dd>
            </div>
          ))}
        </dl>
      )}
    </Asked>
  )
}

function Undoing({ question, onAnswer }: QuestionProps<'undo'>) {
  const leave = (
    <button type="button" onClick={() => onAnswer({ kind: 'skip' })}>
      {t('Leave as it is')}
    </button>
  )
  return (
    <Asked
      ask={t('These steps ran and can be undone, the newest first:')}
      yes={t('Undo what was done')}
      onYes={() => onAnswer({ kind: 'done' })}
      others={leave}
    >
      <ol>
        {question.steps.map(({ stepId, title, undo }) => (
          <li key={stepId}>
            <Readable text={`${title} → ${undo.title}`} />
            <pre>
              <Readable text={undo.text} />
            </pre>
          </li>
        ))}
      </ol>
    </Asked>
  )
}

function TextInput({ question, onAnswer, onStop }: QuestionProps<'input'>) {
  const { prompt, name, hidden, preset, capturedBy } = question
  const field = useRef<HTMLInputElement>(null)
  const label = capturedBy === undefined ? prompt.trim() : lostCaptureSentence(question, t)
  useEffect(() => field.current?.focus(), [])
  const shared = {
    id: 'answer',
    ref: field,
    defaultValue: preset ?? '',
    autoComplete: 'off' as const,
    spellcheck: false,
    ...(name === undefined ? {} : { placeholder: name }),
  }
  const submit = (event: Event) => {
    event.preventDefault()
    onAnswer({ kind: 'text', value: field.current?.value ?? '' })
  }
  return (
    <form class="question" onSubmit={submit}>
      <label class="ask" for="answer">
        {label}
      </label>
      {hidden ? <input type="password" {...shared} /> : <input type="text" {...shared} />}
      {hidden && <p class="label">{t('It is masked, and not recorded.')}</p>}
      <div class="actions">
        <button type="submit" class="primary large">
          {t('Go on')}
        </button>
        <Stop onStop={onStop} />
      </div>
    </form>
  )
}
