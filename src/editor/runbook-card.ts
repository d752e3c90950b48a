import * as vscode from 'vscode'
import type { Frontmatter } from '../runbook/runbook.ts'
import { driftSentences } from '../wording/drift.ts'
import { outcomeSymbol, stepCount } from '../wording/outcomes.ts'
import { scheduleWord } from '../wording/schedules.ts'
import { age, duration, locale, t } from './language.ts'
import type { RunActivity } from './run-activity.ts'
import { type LibraryEntry, runbookName } from './runbook-library.ts'

/** The tooltip of a runbook: who owns it, how often and how long it is, and how it went last. */
export function runbookCard(entry: LibraryEntry, path: string, activity: RunActivity): vscode.MarkdownString {
  const { uri, runbook } = entry
  const { frontmatter } = runbook
  const last = activity.lastRun(uri)
  const facts: [string, string | undefined][] = [
    [t('Owner'), frontmatter.owner],
    [t('Schedule'), frontmatter.schedule && scheduleWord(frontmatter.schedule, t)],
    [t('Estimate'), estimateOf(frontmatter)],
    [t('Steps'), stepCount(runbook.steps.length, t, locale)],
    [
      t('Last run'),
      last &&
        [`${outcomeSymbol(last.outcome)} ${age(last.time)}`, duration(last.durationMs), last.operator].join(' · '),
    ],
  ]
  const card = new vscode.MarkdownString()
  // What a file says is data: `appendText` escapes it, and nothing in it becomes a link or an image.
  card
    .appendMarkdown('**')
    .appendText(runbookName(entry))
    .appendMarkdown('**  \n')
    .appendText(path)
    .appendMarkdown('\n')
  for (const [name, value] of facts) {
    if (value) card.appendMarkdown('\n- ').appendText(name).appendMarkdown(': ').appendText(value)
  }
  const drift = { isNeverRun: false, isEdited: false, ...activity.drift(uri, runbook) }
  for (const sentence of driftSentences(drift, t, locale, Date.now()))
    card.appendMarkdown('\n\n△ ').appendText(sentence)
  return card
}

function estimateOf({ estimate, byHand }: Frontmatter): string | undefined {
  if (estimate === undefined) return byHand === undefined ? undefined : t('{0} by hand', duration(byHand))
  return byHand === undefined ? duration(estimate) : t('{0} ({1} by hand)', duration(estimate), duration(byHand))
}
