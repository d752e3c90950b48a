import type { DifferenceLine } from '../execution/difference-lines.ts'
import { type RunComparison, type StepComparison, verdictOf } from '../record/compare.ts'
import type { FollowedNote, FollowedRun, FollowedStep } from '../record/follow.ts'
import { MASK } from '../secrets/mask.ts'
import {
  changedTextSentence,
  comparisonHeadline,
  comparisonSentence,
  durationsCompared,
  verdictSymbol,
} from '../wording/comparison.ts'
import { formatDuration } from '../wording/durations.ts'
import { earlierValue, runOf } from '../wording/follow.ts'
import { outcomeSymbol, outcomeWord } from '../wording/outcomes.ts'
import { prunedLaterSentence } from '../wording/pruning.ts'
import { drawnLines } from './line-diff.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { readableLines } from './readable.ts'
import { styleFor } from './style.ts'

/** Of a long output the end says what came of it. */
const shownLines = 12

/** Whose run it is, and what its parameters were. */
export function followedHeading(followed: FollowedRun, line: CommandLine): readonly string[] {
  const { t, locale, out } = line
  const style = styleFor(out)
  const { run, startedAt, isChanged, notes } = followed
  const title = plain(run.runbook.title || run.runbook.path)
  const parameters = Object.entries(run.parameters)
    .filter(([, value]) => value !== '' && !value.includes(MASK))
    .map(([name, value]) => plain(earlierValue(name, value, t)))
  return [
    style.strong(`${title} · ${plain(runOf({ operator: run.operator, startedAt }, { t, now: line.now(), locale }))}`),
    ...parameters.map((text) => `  ${text}`),
    ...(isChanged ? [style.notice(`  ${t('The runbook changed since that run.')}`)] : []),
    ...notes.flatMap((note) => noteLines(note, line)),
  ]
}

/** What the predecessor did at a step. */
export function followedStepLines(followed: FollowedStep, run: FollowedRun, line: CommandLine): readonly string[] {
  const { t, locale, out } = line
  const style = styleFor(out)
  const { before, step, changedText, notes } = followed
  const who = plain(run.run.operator.name)
  if (before === undefined) return [style.quiet(`│ ${t('{0} did not run this step.', who)}`)]
  const { result } = before
  const ending = result
    ? [
        `${outcomeSymbol(result.outcome)} ${outcomeWord(result.outcome, t)}`,
        formatDuration(result.durationMs, t, locale),
      ]
    : [t('no end on record')]
  const output = [before.output, before.omitted ? `⋯\n${before.omitted.tail}` : ''].join('').trimEnd()
  const lines = output === '' ? [] : output.split('\n')
  const shown = lines.slice(-shownLines)
  return [
    style.strong(`│ ${[who, plain(before.title), ...ending].join(' · ')}`),
    ...(step === undefined ? [style.notice(`│ ${t('This step is not in the runbook any more.')}`)] : []),
    ...(changedText ? [style.notice(`│ ${t('The text of this step has changed')}`), ...marked(changedText, line)] : []),
    ...(result?.choice ? [`│ ${t('Chosen')}: ${plain(result.choice)}`] : []),
    ...(lines.length > shown.length ? [style.quiet(`│ ⋯ ${t('{0} lines before', lines.length - shown.length)}`)] : []),
    ...shown.map((text) => style.quiet(`│ ${readableLines(text, style).join('')}`)),
    ...(before.prunedBytes === undefined
      ? []
      : [style.quiet(`│ ${prunedLaterSentence(before.prunedBytes, t, locale)}`)]),
    ...notes.flatMap((note) => noteLines(note, line)),
  ]
}

/** What one's own step came to beside the predecessor's. */
export function comparedStepLines(step: StepComparison, line: CommandLine): readonly string[] {
  const { t, locale, out } = line
  const style = styleFor(out)
  const verdict = verdictOf(step)
  const sentence = plain(
    [comparisonSentence(step, t, locale), durationsCompared(step, t, locale)].filter(Boolean).join(' · '),
  )
  const difference = step.kind === 'both' && 'lines' in step.output ? marked(step.output.lines, line) : []
  const shown = `${verdictSymbol(verdict)} ${sentence}`
  return [verdict === 'same' ? style.good(shown) : style.notice(shown), ...difference]
}

/** At the end: what was the same, and what was not. */
export function comparedRunLines(comparison: RunComparison, line: CommandLine): readonly string[] {
  const { t, locale, out } = line
  const style = styleFor(out)
  const others = comparison.steps.filter((step) => verdictOf(step) !== 'same' || changedTextOf(step, line) !== '')
  return [
    style.strong(comparisonHeadline(comparison, t)),
    ...others.map((step) => {
      const { title } = step.kind === 'only-before' ? step.before : step.after
      const parts = [comparisonSentence(step, t, locale), changedTextOf(step, line)]
      return `  ${plain([title, ...parts].filter(Boolean).join(' · '))}`
    }),
  ]
}

function changedTextOf(step: StepComparison, { t }: CommandLine): string {
  return step.kind === 'both' && step.changedText ? changedTextSentence(step, t) : ''
}

function noteLines({ by, text, isLater, isOutdated }: FollowedNote, line: CommandLine): readonly string[] {
  const { t, out } = line
  const about = isOutdated
    ? t('Note added later by {0}, to another state of the record', by)
    : isLater
      ? t('Note added later by {0}', by)
      : t('Note by {0}', by)
  return text
    .split('\n')
    .map((each, index) => styleFor(out).notice(`│ ${index === 0 ? `${plain(about)}: ` : '  '}${plain(each)}`))
}

function marked(lines: readonly DifferenceLine[], line: CommandLine): readonly string[] {
  return drawnLines(lines, styleFor(line.out)).map((text) => `│ ${text}`)
}
