import type { Deception, Question, StepToApprove, StepToUndo, Variable } from '../execution/event.ts'
import { deceptionSentence } from '../wording/deceptions.ts'
import { lostCaptureSentence } from '../wording/lost-capture.ts'
import { shellName } from '../wording/shell-names.ts'
import { lineDiff } from './line-diff.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { readableLines } from './readable.ts'
import { type Style, styleFor } from './style.ts'

/** What stands above the place to answer, a line each. */
export function questionLines(question: Question, line: CommandLine): readonly string[] {
  const { t, err } = line
  const style = styleFor(err)
  switch (question.kind) {
    case 'manual':
      // The header of the step has said its title already.
      return question.text === question.title ? [] : indented(question.text.split('\n').map(plain))
    case 'confirm':
      return indented([...readableLines(question.text, style), ...variableLines(question.variables, line)])
    case 'decision':
      return indented(question.choices.map(({ label }, index) => `${index + 1} ${plain(label)}`))
    case 'approve':
      return [
        style.strong(t('You have not run this text before. Read it first:')),
        ...question.steps.flatMap((step) => textToApprove(step, line)),
        '',
      ]
    case 'undo':
      return [
        style.strong(t('These steps ran and can be undone, the newest first:')),
        ...question.steps.flatMap((step, index) => stepToUndo(step, index, style)),
      ]
    case 'input':
      if (question.capturedBy !== undefined) return [plain(lostCaptureSentence(question, t))]
      return [t('“{0}” asks: {1}', plain(question.title), plain(question.prompt.trim()))]
  }
}

/** What the variables hold that a text mentions. */
export function variableLines(variables: readonly Variable[], { t, err }: CommandLine): readonly string[] {
  const style = styleFor(err)
  return variables.map(({ name, value }) => {
    const shown = value === undefined || value === '' ? style.quiet(t('(empty)')) : plain(value)
    return `${style.quiet(`${name} =`)} ${shown}`
  })
}

/** Characters that make a text look like another one, each with its place. */
export function deceptionLines(deceptions: readonly Deception[], { t, err }: CommandLine): readonly string[] {
  return deceptions.map(({ line, column, kind, character }) => {
    const sentence = deceptionSentence(kind, character, t)
    return styleFor(err).bad(`⚠ ${t('Line {0}, column {1}', line, column)}: ${sentence}`)
  })
}

function textToApprove(step: StepToApprove, line: CommandLine): readonly string[] {
  const { t, err } = line
  const style = styleFor(err)
  const { previous, text, deceptions, secret } = step
  const characters = [...new Set(deceptions.map(({ character }) => character))]
  const state = previous === undefined ? t('new') : t('changed')
  const what = secret === undefined ? shellName(plain(step.shell)) : t('command that prints {0}', secret)
  const details = [state, what, t('line {0}', step.line)].join(' · ')
  const lines =
    previous === undefined ? readableLines(text, style, characters) : lineDiff(previous, text, style, characters)
  return [
    '',
    `▸ ${style.strong(plain(step.title))} ${style.quiet(`· ${details}`)}`,
    ...indented([...lines, ...deceptionLines(deceptions, line)]),
  ]
}

function stepToUndo({ title, undo }: StepToUndo, index: number, style: Style): readonly string[] {
  return indented([
    `${index + 1} ${plain(title)} → ${plain(undo.title)}`,
    ...indented(readableLines(undo.text, style).map(style.quiet)),
  ])
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`)
}
