import * as vscode from 'vscode'
import { dateSpanOf } from '../record/date-span.ts'
import { filteredOutcomes } from '../record/run-filter.ts'
import type { RecordSummary } from '../record/summary.ts'
import { locale, t } from './language.ts'
import type { HistoryEntry } from './run-history.ts'
import { describeFilter, filteredOutcomeWord, type Period, periodWord, type RunsFilter } from './runs-filter.ts'

type Criterion = 'text' | 'runbook' | 'operator' | 'outcome' | 'period'

interface CriterionItem extends vscode.QuickPickItem {
  readonly criterion?: Criterion | 'clear'
}

/** Asks what to narrow the view down to, one criterion after the other, and shows the result of each at once. */
export async function askForRunsFilter(
  before: RunsFilter,
  entries: () => Promise<readonly HistoryEntry<RecordSummary>[]>,
  apply: (filter: RunsFilter) => void,
): Promise<void> {
  let filter = before
  for (;;) {
    const criterion = await pickCriterion(filter)
    if (criterion === undefined) return
    const next = criterion === 'clear' ? {} : await ask(criterion, filter, entries)
    if (next === undefined) continue
    filter = next
    apply(filter)
    // Words are what most look for, and nothing else then.
    if (criterion === 'text' || criterion === 'clear') return
  }
}

async function pickCriterion(filter: RunsFilter): Promise<Criterion | 'clear' | undefined> {
  const { text, runbook, operator, outcome, period } = filter
  const item = (criterion: Criterion, icon: string, label: string, value: string | undefined): CriterionItem => ({
    label: `$(${icon}) ${label}`,
    description: value ?? '',
    criterion,
  })
  const items: CriterionItem[] = [
    item('text', 'search', t('Words in commands and notes'), text && `“${text}”`),
    item('runbook', 'book', t('Runbook'), runbook?.title),
    item('operator', 'person', t('Operator'), operator),
    item('outcome', 'pass', t('Result'), outcome && filteredOutcomeWord(outcome)),
    item('period', 'calendar', t('Time'), period && periodWord(period)),
  ]
  if (describeFilter(filter) !== '') {
    items.push({ label: '', kind: vscode.QuickPickItemKind.Separator })
    items.push({ label: `$(clear-all) ${t('Show all runs')}`, criterion: 'clear' })
  }
  const picked = await vscode.window.showQuickPick(items, {
    title: t('Filter runs'),
    placeHolder: t('Choose what to filter by; the choices add up. Esc when you are done.'),
  })
  return picked?.criterion
}

/** Undefined where nothing was chosen: then the filter stays. */
async function ask(
  criterion: Criterion,
  filter: RunsFilter,
  entries: () => Promise<readonly HistoryEntry<RecordSummary>[]>,
): Promise<RunsFilter | undefined> {
  const { [criterion]: _, ...others } = filter
  switch (criterion) {
    case 'text': {
      const text = await vscode.window.showInputBox({
        title: t('Filter runs'),
        prompt: t('Words in commands, notes, the name of the runbook or of the person'),
        value: filter.text ?? '',
      })
      if (text === undefined) return undefined
      return text.trim() === '' ? others : { ...others, text: text.trim() }
    }
    case 'runbook': {
      const runbook = await choose(t('Runbook'), runbooksAmong(await entries()))
      return runbook && (runbook === 'any' ? others : { ...others, runbook })
    }
    case 'operator': {
      const operator = await choose(t('Operator'), operatorsAmong(await entries()))
      return operator && (operator === 'any' ? others : { ...others, operator: operator.name })
    }
    case 'outcome': {
      const choices = filteredOutcomes.map((value) => ({ label: filteredOutcomeWord(value), value: { value } }))
      const outcome = await choose(t('Result'), choices)
      return outcome && (outcome === 'any' ? others : { ...others, outcome: outcome.value })
    }
    case 'period': {
      const period = await askForPeriod(filter.period)
      return period && (period === 'any' ? others : { ...others, period })
    }
  }
}

interface Choice<Value> extends vscode.QuickPickItem {
  readonly value?: Value
}

async function choose<Value extends object>(
  title: string,
  choices: readonly Choice<Value>[],
): Promise<Value | 'any' | undefined> {
  const any: Choice<Value> = { label: `$(circle-slash) ${t('Any')}` }
  const picked = await vscode.window.showQuickPick([any, ...choices], { title, matchOnDescription: true })
  return picked && (picked.value ?? 'any')
}

function runbooksAmong(entries: readonly HistoryEntry<RecordSummary>[]) {
  const found = new Map<string, Choice<{ readonly uri: vscode.Uri; readonly title: string }> & { count: number }>()
  for (const { runbook, summary } of entries) {
    if (runbook === undefined || !('runbook' in summary)) continue
    const { title, path } = summary.runbook
    // The newest comes first, with the title that it has now.
    const known = found.get(runbook.toString()) ?? {
      label: title || path,
      description: path,
      value: { uri: runbook, title: title || path },
      count: 0,
    }
    known.count += 1
    found.set(runbook.toString(), known)
  }
  return byCount([...found.values()])
}

function operatorsAmong(entries: readonly HistoryEntry<RecordSummary>[]) {
  const found = new Map<string, Choice<{ readonly name: string }> & { count: number }>()
  for (const { summary } of entries) {
    if (!('operator' in summary)) continue
    const { name, email } = summary.operator
    const known = found.get(name) ?? { label: name, description: email ?? '', value: { name }, count: 0 }
    known.count += 1
    found.set(name, known)
  }
  return byCount([...found.values()])
}

function byCount<Item extends vscode.QuickPickItem & { readonly count: number }>(items: readonly Item[]) {
  const number = new Intl.NumberFormat(locale)
  return items
    .toSorted((a, b) => b.count - a.count)
    .map((item) => ({
      ...item,
      description: [item.description, number.format(item.count)].filter(Boolean).join(' · '),
    }))
}

async function askForPeriod(before: Period | undefined): Promise<Period | 'any' | undefined> {
  const kinds = (['today', 'week', 'month', 'year'] as const).map((kind) => ({
    label: periodWord({ kind }),
    value: { kind },
  }))
  const span: Choice<Period> = { label: `$(edit) ${t('From … to …')}`, value: { kind: 'span', from: '', to: '' } }
  const picked = await choose<Period>(t('Time'), [...kinds, span])
  if (picked === undefined || picked === 'any' || picked.kind !== 'span') return picked
  const known = before?.kind === 'span' ? before : undefined
  const from = await askForDate(t('From this day on'), known?.from ?? '')
  if (from === undefined) return undefined
  const to = await askForDate(t('Up to this day, which counts in'), known?.to ?? '', from)
  if (to === undefined) return undefined
  return from === '' && to === '' ? 'any' : { kind: 'span', from, to }
}

function askForDate(title: string, value: string, from = ''): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title,
    value,
    prompt: t('A date such as 2026-09-01 or 2026-09; empty for no limit'),
    validateInput(text) {
      if (text.trim() === '') return undefined
      const span = dateSpanOf(text)
      if (span === undefined) return t('Write a date such as 2026-09-01 or 2026-09.')
      const since = dateSpanOf(from)?.from
      return since !== undefined && span.to <= since ? t('This is before the first day.') : undefined
    },
  })
}
