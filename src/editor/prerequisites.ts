import * as vscode from 'vscode'
import type { PrerequisiteState } from '../execution/event.ts'
import type { RunSite } from '../execution/run-site.ts'
import {
  checkPrerequisites,
  linkedRunbook,
  type PrerequisiteCheck,
  type RunbookNeeds,
} from '../record/prerequisites.ts'
import type { RunSummary } from '../record/summary.ts'
import type { Runbook } from '../runbook/runbook.ts'
import { age, t } from './language.ts'
import type { CarriedOut, RunRequest } from './run-controller.ts'
import type { OpenedRunbook, Preparation } from './run-opening.ts'
import { refusal } from './run-refusal.ts'
import type { RunbookLibrary } from './runbook-library.ts'

export interface PrerequisiteSetup {
  readonly library: Pick<RunbookLibrary, 'ofDocument'>
  readonly siteOf: (runbook: vscode.Uri) => Promise<RunSite>
  /** The runs of a repo, by its root. */
  readonly runsOf: (root: string) => Promise<readonly RunSummary[]>
}

type Due = Extract<PrerequisiteCheck, { kind: 'due' }>

/**
 * Sees to what has to be done before a runbook as a whole: says what is done, and asks once about the rest, which then runs,
 * each as a run of its own. Undefined when the operator withdrew.
 */
export async function prepareRun(
  { uri, runbook }: OpenedRunbook,
  run: (request: RunRequest) => Promise<CarriedOut | undefined>,
  setup: PrerequisiteSetup,
): Promise<Preparation | undefined> {
  if (runbook.prerequisites.length === 0) return {}
  const site = await setup.siteOf(uri)
  const root = vscode.Uri.file(site.root)
  const checks = await checkPrerequisites(
    site.path,
    async (path) => needsOf(path, path === site.path ? runbook : await read(vscode.Uri.joinPath(root, path), setup)),
    await setup.runsOf(site.root),
    Date.now(),
  )
  const broken = checks.find(({ kind }) => kind === 'missing' || kind === 'circular')
  const again = () => run({ uri, selection: { kind: 'runbook' } })
  if (broken !== undefined) {
    const code = broken.kind === 'missing' ? 'prerequisite-missing' : 'prerequisite-circular'
    throw refusal({ code, values: { path: broken.path } }, { again })
  }
  const due = checks.filter((check) => check.kind === 'due')
  const choice = due.length === 0 ? 'run' : await askAbout(runbook.title || site.path, due)
  if (choice === undefined) return undefined

  const settled = new Map<string, PrerequisiteState>()
  for (const { path } of due) {
    if (choice === 'waive') {
      settled.set(path, { path, state: 'waived' })
      continue
    }
    const selection = { kind: 'runbook' } as const
    const done = await run({ uri: vscode.Uri.joinPath(root, path), selection, prerequisites: [] })
    if (done === undefined) return undefined
    if (done.outcome !== 'succeeded' && done.outcome !== 'skipped') {
      throw refusal({ code: 'prerequisite-failed', values: { path } }, { again })
    }
    settled.set(path, { path, state: 'ran', run: done.run })
  }
  return {
    prerequisites: checks.map((check): PrerequisiteState => {
      const { path } = check
      return settled.get(path) ?? { path, state: 'done', ...(check.kind === 'done' && { run: check.run }) }
    }),
    remarks: checks.map((check) => remark(check, settled)),
  }
}

function remark(check: PrerequisiteCheck, settled: ReadonlyMap<string, PrerequisiteState>): string {
  const title = check.kind === 'done' || check.kind === 'due' ? check.title : check.path
  if (check.kind === 'done') return t('✓ Prerequisite: {0} · {1}', title, age(check.time))
  return settled.get(check.path)?.state === 'waived'
    ? t('– Prerequisite: {0} · passed over', title)
    : t('✓ Prerequisite: {0} · just now', title)
}

async function read(uri: vscode.Uri, { library }: PrerequisiteSetup): Promise<Runbook | undefined> {
  try {
    const runbook = await library.ofDocument(await vscode.workspace.openTextDocument(uri))
    return runbook.kind === 'runbook' ? runbook : undefined
  } catch {
    // There is no such file, or it is no text.
    return undefined
  }
}

function needsOf(path: string, runbook: Runbook | undefined): RunbookNeeds | undefined {
  if (runbook === undefined) return undefined
  return { runbook, prerequisites: runbook.prerequisites.flatMap(({ target }) => linkedRunbook(path, target) ?? []) }
}

async function askAbout(title: string, due: readonly Due[]): Promise<'run' | 'waive' | undefined> {
  const named = due.map((check) => check.title).join(', ')
  const items: (vscode.QuickPickItem & { readonly choice?: 'run' | 'waive' })[] = [
    { label: `$(play) ${t('Run them first')}`, description: named, choice: 'run' },
    {
      label: `$(debug-step-over) ${t('Go on without them')}`,
      description: t('The record says so.'),
      choice: 'waive',
    },
    { label: t('Not done yet'), kind: vscode.QuickPickItemKind.Separator },
    ...due.map(({ title: name, last }) => ({
      label: `$(book) ${name}`,
      description: last === undefined ? t('never run') : t('last done {0}', age(last)),
    })),
  ]
  for (;;) {
    const chosen = await vscode.window.showQuickPick(items, {
      title,
      placeHolder: t('Not everything that comes before this runbook is done.'),
      ignoreFocusOut: true,
    })
    // The lines below only say what is meant.
    if (chosen === undefined || chosen.choice !== undefined) return chosen?.choice
  }
}
