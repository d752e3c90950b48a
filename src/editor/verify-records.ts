import * as vscode from 'vscode'
import type { SigningProblem } from '../record/signature.ts'
import { isUnanchored, isWrong, type TrustedRecord, type TrustReport } from '../record/trust.ts'
import { obstacleSentence, signingSentence, trustSentence } from '../wording/trust.ts'
import { HumanError } from './command-boundary.ts'
import { locale, t } from './language.ts'

/** Every record of the workspace's repos; paths are relative to `root`. */
export type CheckAllRecords = () => Promise<readonly { readonly root: string; readonly found: TrustReport }[]>

/** Checks whether the records are what was written, and by whom, and names the line of the one that is not. */
export async function verifyRecords(
  argument: unknown,
  checkAll: CheckAllRecords,
  log: vscode.LogOutputChannel,
): Promise<void> {
  const only = recordOf(argument)
  const options = { location: vscode.ProgressLocation.Window, title: t('Checking records…') }
  const stores = await vscode.window.withProgress(options, () => checkAll())
  const records = stores.flatMap(({ root, found }) =>
    found.records.map((record) => ({ uri: vscode.Uri.joinPath(vscode.Uri.file(root), record.path), record })),
  )
  const looked = only === undefined ? records : records.filter(({ uri }) => uri.toString() === only.toString())
  const wrong = looked.filter(({ record }) => isWrong(record))
  const missing = only === undefined ? stores.flatMap(({ found }) => found.missing) : []
  const deleted = only === undefined ? stores.flatMap(({ found }) => found.deleted) : []
  for (const { uri, record } of wrong) log.warn(uri.fsPath, record.verification, record.signature, record.anchor)
  for (const { head, namedBy } of missing) log.warn('missing', head, ...namedBy)
  for (const path of deleted) log.warn('missing', path)

  const [first] = wrong
  if (first !== undefined) {
    const more = wrong.length > 1 ? ` ${t('{0} records in all.', number(wrong.length))}` : ''
    const sentence = `${vscode.workspace.asRelativePath(first.uri)}: ${recordWords(first.record)}${more}`
    const compare = { label: t('Compare'), run: () => vscode.commands.executeCommand('git.openChange', first.uri) }
    const open = { label: t('Open file'), run: () => vscode.commands.executeCommand('vscode.open', first.uri) }
    throw new HumanError(sentence, wrong.length > 1 ? [compare, open, openLog(log)] : [compare, open])
  }
  const lost = Math.max(missing.length, deleted.length)
  if (lost > 0) {
    const sentence = t('{0} records that others name are missing. Look for them in git’s history.', number(lost))
    throw new HumanError(sentence, [openLog(log)])
  }
  const obstacles = new Set(stores.flatMap(({ found }) => found.obstacles))
  const told = [
    looked.length === 0
      ? t('There is no record yet.')
      : only === undefined
        ? t('All {0} records are as they were written.', number(looked.length))
        : looked.map(({ record }) => recordWords(record)).join(' '),
    ...looseSentence(looked.map(({ record }) => record)),
    ...(looked.length === 0 ? [] : [...obstacles].map((obstacle) => obstacleSentence(obstacle, t))),
  ]
  void vscode.window.showInformationMessage(told.join(' '))
}

function looseSentence(records: readonly TrustedRecord[]): readonly string[] {
  const count = records.filter(isUnanchored).length
  if (count === 0) return []
  return [t('Not anchored: {0}. Neither signed nor pushed, such a record can be made anew as a whole.', number(count))]
}

/** The sentence without the mark that lists begin it with. */
export function recordWords(record: TrustedRecord): string {
  return trustSentence(record, t).replace(/^[✓✗] /u, '')
}

function openLog(log: vscode.LogOutputChannel) {
  return { label: t('Open log'), run: () => log.show(true) }
}

function number(count: number): string {
  return new Intl.NumberFormat(locale).format(count)
}

/** From the context menu of the view of runs comes the run; from its title and the palette nothing. */
function recordOf(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return argument
  if (typeof argument !== 'object' || argument === null || !('record' in argument)) return undefined
  return argument.record instanceof vscode.Uri ? argument.record : undefined
}

export function unsignedSentence(problem: SigningProblem): string {
  return signingSentence(problem, t)
}
