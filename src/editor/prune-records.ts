import * as vscode from 'vscode'
import type { PruningPlan, PruningWish, RecordPruner } from '../record/pruning.ts'
import type { RecordSettings } from '../runbook/team-settings.ts'
import { formatDateTime } from '../wording/dates.ts'
import { pruningLeftOut, pruningSentences, pruningTotal } from '../wording/pruning.ts'
import { HumanError } from './command-boundary.ts'
import type { RecordKeepingSetup } from './kept-records.ts'
import { bytes, locale, sentences, t } from './language.ts'

const day = 86_400_000
const mega = 1_000_000

/** Takes old output out of the records of the workspace, once somebody has seen what goes. */
export async function pruneRecords({
  roots,
  prunerOf,
  settingsOf,
}: Pick<RecordKeepingSetup, 'roots' | 'prunerOf' | 'settingsOf'>): Promise<void> {
  if (!vscode.workspace.isTrusted) throw new HumanError(t('This folder is not trusted. Trust it first.'))
  const all = await roots()
  const root = all.length > 1 ? await chooseRoot(all) : all[0]
  if (root === undefined) return
  const wish = await chooseWish((await settingsOf(root)).settings.records.keep)
  if (wish !== undefined) await preview(await prunerOf(root), wish)
}

async function chooseRoot(roots: readonly string[]): Promise<string | undefined> {
  const items = roots.map((root) => ({ label: vscode.workspace.asRelativePath(root), root }))
  return (await vscode.window.showQuickPick(items, { title: t('In which repository?') }))?.root
}

async function chooseWish(keep: RecordSettings['keep']): Promise<PruningWish | undefined> {
  const isSet = keep.age !== undefined || keep.size !== undefined
  const older = (days: number, label: string) => ({ label, wish: { age: days * day } })
  const items: (vscode.QuickPickItem & { readonly wish: RecordSettings['keep'] })[] = [
    ...(isSet ? [{ label: t('What baton.yaml says'), description: settingWords(keep), wish: keep }] : []),
    older(90, t('Output of runs that are older than 90 days')),
    older(180, t('Output of runs that are older than 180 days')),
    older(365, t('Output of runs that are older than a year')),
    ...[100, 500].map((size) => ({
      label: t('The oldest output, until all records take no more than {0}', bytes(size * mega)),
      wish: { size: size * mega },
    })),
  ]
  const chosen = await vscode.window.showQuickPick(items, {
    title: t('Prune old output'),
    placeHolder: t('Which output goes? Nothing is changed before you have seen it.'),
  })
  if (chosen === undefined) return undefined
  const { age, size } = chosen.wish
  return {
    ...(age !== undefined && { before: Date.now() - age }),
    ...(size !== undefined && { size }),
    unanchored: false,
  }
}

function settingWords({ age, size }: RecordSettings['keep']): string {
  const days = age === undefined ? [] : [t('older than {0} days', new Intl.NumberFormat(locale).format(age / day))]
  return [...days, ...(size === undefined ? [] : [t('over {0} in all', bytes(size))])].join(', ')
}

async function preview(pruner: RecordPruner, wish: PruningWish): Promise<void> {
  const options = { location: vscode.ProgressLocation.Window, title: t('Looking for old output…') }
  const plan = await vscode.window.withProgress(options, () => pruner.plan(wish))
  const isNothing = plan.planned.length + plan.unfinished.length === 0
  const [prune, withAll] = [t('Prune'), t('Include those that are not pushed')]
  const buttons = [...(isNothing ? [] : [prune]), ...(plan.unanchored.length > 0 ? [withAll] : [])]
  const question = isNothing ? t('There is nothing to prune.') : t('Prune {0}?', pruningTotal(plan, t, locale))
  const detail = [listOf(plan), ...pruningLeftOut(plan, t, locale), isNothing ? '' : consequence()]
    .filter(Boolean)
    .join('\n\n')
  const chosen = await vscode.window.showWarningMessage(question, { modal: true, detail }, ...buttons)
  if (chosen === withAll) return preview(pruner, { ...wish, unanchored: true })
  if (chosen !== prune) return
  const result = await vscode.window.withProgress({ ...options, title: t('Pruning…') }, () => pruner.prune(plan))
  const sentence = sentences(...pruningSentences(result, t, locale))
  if (result.kind === 'pruned' && result.failed.length === 0) void vscode.window.showInformationMessage(sentence)
  else throw new HumanError(sentence)
}

function consequence(): string {
  return t(
    'Hashes stay, so the records still verify, and it goes on record that you did it. Git’s history is not changed.',
  )
}

/** Runs that are named before the rest is counted: a dialog does not scroll everywhere. */
const named = 12

function listOf({ planned, unfinished }: PruningPlan): string {
  const all = [...unfinished, ...planned]
  const lines = all.slice(0, named).map(({ run, becomes }) => {
    const title = run.runbook.title || run.runbook.path
    return `${formatDateTime(run.startedAt, Date.now(), locale)} · ${title} · ${bytes(becomes.bytes)}`
  })
  const more = all.length - named
  return [...lines, ...(more > 0 ? [t('and {0} more', new Intl.NumberFormat(locale).format(more))] : [])].join('\n')
}
