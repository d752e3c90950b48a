import * as vscode from 'vscode'
import { type CommitReport, commitRecords } from '../record/commit.ts'
import type { RecordSummary } from '../record/summary.ts'
import { taintedLines } from '../secrets/credentials/tainted-lines.ts'
import { commitMessage, commitSentences } from '../wording/record-commit.ts'
import { HumanError } from './command-boundary.ts'
import type { RecordKeepingSetup } from './kept-records.ts'
import { locale, sentences, t } from './language.ts'

export interface Commits {
  /** Commits records of a repo by themselves, and says what came of it. One after the other: git takes one at a time. */
  these(root: string, paths: ReadonlySet<string>): Promise<void>
  /** Commits every finished record of the workspace that is in no commit yet. */
  all(): Promise<void>
  isTainted(root: string, path: string): Promise<boolean>
}

type Setup = Pick<RecordKeepingSetup, 'roots' | 'commitsOf' | 'credentials' | 'log'>

export function createCommits({ roots, commitsOf, credentials, log }: Setup): Commits {
  let tail: Promise<unknown> = Promise.resolve()

  async function tainted(root: string, path: string, runbook?: string): Promise<readonly number[]> {
    const uri = (name: string) => vscode.Uri.joinPath(vscode.Uri.file(root), name)
    const text = async () =>
      runbook === undefined
        ? undefined
        : vscode.workspace.openTextDocument(uri(runbook)).then(
            (document) => document.getText(),
            () => undefined,
          )
    const found = await taintedLines(uri(path).fsPath, text, await credentials())
    return found.map(({ line }) => line + 1)
  }

  async function commit(root: string, only?: ReadonlySet<string>): Promise<CommitReport> {
    const ports = {
      ...(await commitsOf(root)),
      message: commitMessage,
      taintedLines: (record: RecordSummary) =>
        tainted(root, record.path, 'runbook' in record ? record.runbook.path : undefined),
    }
    const work = tail.then(() => commitRecords(ports, only))
    tail = work.catch(() => undefined)
    return work
  }

  /** What went well is said in passing; what did not stays until somebody has read it. */
  function tell(report: CommitReport): void {
    const sentence = sentences(...commitSentences(report, t, locale))
    log.info(sentence)
    const { result, tainted: leaking, unsound } = report
    const isFine = result.kind !== 'refused' && leaking.length + unsound.length === 0
    if (isFine) vscode.window.setStatusBarMessage(`$(git-commit) ${sentence}`, 10_000)
    else void vscode.window.showWarningMessage(sentence)
  }

  return {
    async these(root, paths) {
      const report = await commit(root, paths)
      // That it may hold a credential was said when the run ended.
      if (report.result.kind !== 'nothing') tell(report)
    },
    async all() {
      if (!vscode.workspace.isTrusted) throw new HumanError(t('This folder is not trusted. Trust it first.'))
      const options = { location: vscode.ProgressLocation.Window, title: t('Committing records…') }
      const reports = await vscode.window.withProgress(options, async () => {
        const all: CommitReport[] = []
        for (const root of await roots()) all.push(await commit(root))
        return all
      })
      for (const report of reports) tell(report)
    },
    isTainted: async (root, path) => (await tainted(root, path)).length > 0,
  }
}
