import * as vscode from 'vscode'
import { systemReason } from '../wording/execution-problems.ts'
import { HumanError, report } from './command-boundary.ts'
import { t } from './language.ts'

export interface RecordAttributesSetup {
  /** Whether git may change the line ends of a repo's records. */
  readonly changesRecords: (root: string) => Promise<boolean>
  /** Adds the line that forbids it; an errno name where it cannot be written. */
  readonly protectRecords: (root: string) => Promise<string | undefined>
  readonly memory: vscode.Memento
  readonly log: vscode.LogOutputChannel
}

/** Asks whether git is to leave the records of a repo as they are. Whoever answered, or closed the question, is not asked again. */
export function createAttributesOffer(setup: RecordAttributesSetup): (root: string) => void {
  const { changesRecords, protectRecords, memory, log } = setup
  const asked = new Set<string>()

  async function offer(root: string): Promise<void> {
    const key = `baton.attributesOffered:${root}`
    if (asked.has(root) || memory.get(key) === true) return
    asked.add(root)
    if (!(await changesRecords(root))) return
    const add = t('Add the line')
    const sentence = t(
      'Git may change line ends in records, as it does on Windows. A line in .gitattributes keeps it from that.',
    )
    const answer = await vscode.window.showInformationMessage(sentence, add, t('Not here'))
    await memory.update(key, true)
    if (answer !== add) return
    const reason = await protectRecords(root)
    if (reason !== undefined) throw new HumanError(t('.gitattributes cannot be written: {0}', systemReason(reason, t)))
  }

  return (root) => {
    offer(root).catch((error: unknown) => report(error, 'record attributes', log))
  }
}
