import * as vscode from 'vscode'
import type { CheckedRecord, StoreVerification } from '../record/verify-store.ts'
import { verificationSentence } from '../wording/verification.ts'
import { HumanError, registerCommands } from './command-boundary.ts'
import { locale, t } from './language.ts'

export interface RecordChecks {
  /** Every record of the workspace's repos. Paths are relative to `root`. */
  all(): Promise<readonly { readonly root: string; readonly found: StoreVerification }[]>
}

/** Checks whether the records are what was written, and names the line of the one that is not. */
export function registerVerifyRecords(checks: RecordChecks, log: vscode.LogOutputChannel): vscode.Disposable {
  async function verify(argument: unknown): Promise<void> {
    const only = recordOf(argument)
    const options = { location: vscode.ProgressLocation.Window, title: t('Checking records…') }
    const stores = await vscode.window.withProgress(options, () => checks.all())
    const records = stores.flatMap(({ root, found }) =>
      found.records.map((record) => ({ uri: vscode.Uri.joinPath(vscode.Uri.file(root), record.path), record })),
    )
    const looked = only === undefined ? records : records.filter(({ uri }) => uri.toString() === only.toString())
    const wrong = looked.filter(({ record }) => isWrong(record))
    const missing = only === undefined ? stores.flatMap(({ found }) => found.missing) : []
    for (const { uri, record } of wrong) log.warn(uri.fsPath, record.verification)
    for (const { head, namedBy } of missing) log.warn('missing', head, ...namedBy)

    const [first] = wrong
    if (first !== undefined) {
      const more = wrong.length > 1 ? ` ${t('{0} records in all.', number(wrong.length))}` : ''
      const sentence = `${vscode.workspace.asRelativePath(first.uri)}: ${words(first.record)}${more}`
      const compare = { label: t('Compare'), run: () => vscode.commands.executeCommand('git.openChange', first.uri) }
      const open = { label: t('Open file'), run: () => vscode.commands.executeCommand('vscode.open', first.uri) }
      throw new HumanError(sentence, wrong.length > 1 ? [compare, open, openLog(log)] : [compare, open])
    }
    if (missing.length > 0) {
      const sentence = t(
        '{0} records that others name are missing. Look for them in git’s history.',
        number(missing.length),
      )
      throw new HumanError(sentence, [openLog(log)])
    }
    const sentence =
      looked.length === 0
        ? t('There is no record yet.')
        : only === undefined
          ? t('All {0} records are as they were written.', number(looked.length))
          : words(looked[0]?.record)
    void vscode.window.showInformationMessage(sentence)
  }

  return registerCommands(log, { 'baton.verifyRecords': verify })
}

function isWrong({ verification }: CheckedRecord): boolean {
  return verification.kind === 'tampered' || verification.kind === 'unreadable'
}

/** The sentence without the mark that lists begin it with. */
function words(record: CheckedRecord | undefined): string {
  return record === undefined ? '' : verificationSentence(record.verification, t).replace(/^[✓✗] /u, '')
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
