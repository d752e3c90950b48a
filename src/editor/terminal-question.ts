import type { Answer, Question, StepToApprove, StepToUndo, Variable } from '../execution/event.ts'
import { deceptionSentence } from '../wording/deceptions.ts'
import { lostCaptureSentence } from '../wording/lost-capture.ts'
import { shellName } from '../wording/shell-names.ts'
import type { Translate } from '../wording/translate.ts'
import { changedLines } from './terminal-diff.ts'
import { alarm, bold, cyan, dim, readable, red, yellow } from './terminal-style.ts'

/** What a key means while a question is open: an answer, or something that leads to one. */
export type KeyMeaning = Answer | { readonly kind: 'write-note' } | { readonly kind: 'show-changes' }

/**
 * What one key means to a question; undefined when it means nothing. Ctrl+C is the caller's. `ｎ` and `２` of an input method that is
 * still on are `n` and `2`.
 */
export function meaningOfKey(question: Question, key: string): KeyMeaning | undefined {
  const keys = keysOf(question)
  const typed = key.normalize('NFKC').toLowerCase()
  return Object.hasOwn(keys, typed) ? keys[typed] : undefined
}

function keysOf(question: Question): Readonly<Record<string, KeyMeaning>> {
  switch (question.kind) {
    case 'manual':
      return { '\r': { kind: 'done' }, n: { kind: 'write-note' }, s: { kind: 'skip' }, f: { kind: 'fail' } }
    case 'confirm':
      return { '\r': { kind: 'done' }, s: { kind: 'skip' } }
    case 'approve':
      return { '\r': { kind: 'done' }, d: { kind: 'show-changes' } }
    case 'undo':
      return { '\r': { kind: 'done' }, s: { kind: 'skip' } }
    case 'decision':
      return Object.fromEntries(
        question.choices.map(({ target }, index) => [String(index + 1), { kind: 'choice' as const, target }]),
      )
    case 'input':
      return {}
  }
}

/** A question as the lines of a terminal, with the keys that answer it. */
export function questionLines(question: Question, t: Translate): readonly string[] {
  switch (question.kind) {
    case 'manual':
      return [
        // The step's header has said its first line already.
        ...(question.text === question.title ? [] : indented(question.text)),
        hint(t('Enter: done · n: done with a note · s: skip · f: failed · Ctrl+C: stop')),
      ]
    case 'confirm':
      return [
        ...indented(question.text),
        ...variableLines(question.variables, t),
        hint(t('Run this step? Enter: run · s: skip · Ctrl+C: stop')),
      ]
    case 'decision':
      return [
        ...question.choices.map(({ label }, index) => `  ${bold(String(index + 1))} ${readable(label)}`),
        hint(t('Type the number of the way to go · Ctrl+C: stop')),
      ]
    case 'approve':
      return [
        '',
        bold(t('You have not run this text before. Read it first:')),
        ...question.steps.flatMap((step) => textToApprove(step, t)),
        '',
        hint(t('Enter: run · d: show as a diff · Ctrl+C: stop')),
      ]
    case 'undo':
      return [
        '',
        bold(t('These steps ran and can be undone, the newest first:')),
        ...question.steps.flatMap(stepToUndo),
        hint(t('Enter: undo all of them · s: leave everything as it is')),
      ]
    case 'input':
      if (question.capturedBy !== undefined) return [yellow(`  ${readable(lostCaptureSentence(question, t))}`)]
      return [yellow(`  ${t('“{0}” asks: {1}', question.title, readable(question.prompt.trim()))}`)]
  }
}

const hint = (text: string) => yellow(`  ${text}`)
const indented = (text: string) =>
  readable(text)
    .split('\n')
    .map((line) => `  ${line}`)

function variableLines(variables: readonly Variable[], t: Translate): readonly string[] {
  if (variables.length === 0) return []
  const width = Math.max(...variables.map(({ name }) => name.length))
  return [
    '',
    ...variables.map(({ name, value }) => {
      const shown = value === undefined || value === '' ? dim(t('(empty)')) : readable(value).replaceAll('\n', '\n  ')
      return `  ${cyan(name.padEnd(width))} ${dim('=')} ${shown}`
    }),
    '',
  ].flatMap((line) => line.split('\n'))
}

function textToApprove(
  { title, line, shell, text, previous, deceptions, secret }: StepToApprove,
  t: Translate,
): readonly string[] {
  const deceptive = [...new Set(deceptions.map(({ character }) => character))]
  const state = previous === undefined ? t('new') : t('changed')
  const what = secret === undefined ? shellName(shell) : t('command that prints {0}', secret)
  const lines = previous === undefined ? readable(text, deceptive).split('\n') : changedLines(previous, text, deceptive)
  return [
    '',
    `${cyan('▸')} ${bold(readable(title))} ${dim([state, what, t('line {0}', line)].join(' · '))}`,
    ...lines.map((shown) => `  ${shown}`),
    ...deceptions.map(({ kind, character, line: at, column }) => {
      const sentence = deceptionSentence(kind, alarm(` ${character} `), t)
      return red(`  ⚠ ${t('Line {0}, column {1}', at, column)}: ${sentence}`)
    }),
  ]
}

function stepToUndo({ title, undo }: StepToUndo, index: number): readonly string[] {
  return [
    `  ${bold(String(index + 1))} ${readable(title)} ${dim('→')} ${readable(undo.title)}`,
    ...indented(undo.text).map((line) => dim(`  ${line}`)),
  ]
}
