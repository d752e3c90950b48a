import * as vscode from 'vscode'
import type { ClosedRecord } from '../record/abandoned.ts'
import { abandonedSentences } from '../wording/abandoned.ts'
import { locale, sentences, t } from './language.ts'

/** Says, once, which runs of a repo were cut off by a crash; the button opens the newest record. */
export function tellAbandoned(root: string, records: readonly ClosedRecord[], log: vscode.LogOutputChannel): void {
  if (records.length === 0) return
  const newest = records.findLast(({ kind }) => kind === 'closed') ?? records.at(-1)
  for (const record of records) if (record.kind === 'failed') log.warn(record.path, record.reason)
  const openRecord = t('Open record')
  const sentence = sentences(...abandonedSentences(records, Date.now(), t, locale))
  void vscode.window.showInformationMessage(sentence, openRecord).then((chosen) => {
    if (chosen !== openRecord || newest === undefined) return
    const record = vscode.Uri.joinPath(vscode.Uri.file(root), newest.path)
    void vscode.commands.executeCommand('baton.openRecord', record)
  })
}
