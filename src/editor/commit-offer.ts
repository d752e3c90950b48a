import * as vscode from 'vscode'
import { teamSettingsFile } from '../runbook/team-settings.ts'
import { withCommitSetting } from '../runbook/write-team-settings.ts'
import { HumanError } from './command-boundary.ts'
import type { Commits } from './commits.ts'
import type { KeptRun, RecordKeepingSetup } from './kept-records.ts'
import { t } from './language.ts'

interface Waiting {
  readonly title: string
  /** Relative to the root, with `/`. */
  readonly path: string
}

/**
 * Does with the record of a run what `baton.yaml` says: commits it, asks, or leaves it. There is one question for a repo,
 * however many runs end meanwhile.
 */
export function createCommitOffer(
  { rootOf, commitsOf, settingsOf }: RecordKeepingSetup,
  commits: Commits,
): { finished(run: KeptRun): Promise<void> } {
  /** By the root of a repo: what a question that stands there is about. */
  const asked = new Map<string, Waiting[]>()

  async function finished({ view, recordPath }: KeptRun): Promise<void> {
    if (recordPath === undefined) return
    const root = await rootOf(recordPath)
    if (!(await (await commitsOf(root)).isVersioned())) return
    const wish = (await settingsOf(root)).settings.records.commit
    const path = vscode.Uri.file(recordPath).path.slice(vscode.Uri.file(root).path.length + 1)
    if (wish === 'never') return
    if (wish === 'always') return commits.these(root, new Set([path]))
    // Its own warning stands there already.
    if (await commits.isTainted(root, path)) return
    const waiting = asked.get(root)
    waiting?.push({ title: view.title, path })
    if (waiting === undefined) await ask(root, [{ title: view.title, path }])
  }

  async function ask(root: string, waiting: Waiting[]): Promise<void> {
    asked.set(root, waiting)
    const [yes, always, never] = [t('Commit'), t('Always…'), t('Never…')]
    const question = t('Commit the record of “{0}”?', waiting[0]?.title ?? '')
    const chosen = await vscode.window.showInformationMessage(question, yes, always, never)
    asked.delete(root)
    if (chosen === undefined) return
    const wish = chosen === always ? 'always' : chosen === never ? 'never' : undefined
    if (wish !== undefined && !(await settle(root, wish))) return
    if (wish !== 'never') await commits.these(root, new Set(waiting.map(({ path }) => path)))
  }

  return { finished }
}

/** False when the operator withdrew. */
async function settle(root: string, wish: 'always' | 'never'): Promise<boolean> {
  const file = vscode.Uri.joinPath(vscode.Uri.file(root), teamSettingsFile)
  const write = t('Write into baton.yaml')
  const sentence =
    wish === 'always'
      ? t('Commit every record of this repository when its run is over?')
      : t('Never ask in this repository, and commit no record?')
  const detail = t('This is written into baton.yaml, where it holds for everybody who works with this repository.')
  if ((await vscode.window.showInformationMessage(sentence, { modal: true, detail }, write)) !== write) return false
  const before = await vscode.workspace.openTextDocument(file).then(
    (document) => document,
    () => undefined,
  )
  const after = withCommitSetting(before?.getText() ?? '', wish)
  if (after === undefined) {
    const open = { label: t('Open baton.yaml'), run: () => vscode.window.showTextDocument(file) }
    throw new HumanError(t('baton.yaml cannot be read. Correct it first.'), [open])
  }
  const edit = new vscode.WorkspaceEdit()
  if (before === undefined) edit.createFile(file, { contents: new TextEncoder().encode(after) })
  else edit.replace(file, new vscode.Range(0, 0, before.lineCount, 0), after)
  await vscode.workspace.applyEdit(edit)
  await before?.save()
  return true
}
