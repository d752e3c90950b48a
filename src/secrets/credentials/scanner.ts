import type { excuseLine } from './excuse.ts'
import type { CredentialScan } from './findings.ts'
import type { canMove, planMove } from './move.ts'
import type { TaintedRecordLine } from './record.ts'

/** Looks for credentials that stand somewhere in plain text. */
export interface CredentialScanner {
  /** In a Markdown file. */
  inMarkdown(text: string): Promise<CredentialScan>
  /**
   * In the file of a record; nothing in one that cannot be read, which `verify` tells of.
   * @param path absolute
   * @param excused what its runbook's author says is no secret
   */
  inRecord(path: string, excused: ReadonlySet<string>): Promise<readonly TaintedRecordLine[]>
}

/** And what can be done about them, for an editor. */
export interface CredentialDesk extends CredentialScanner {
  readonly canMove: typeof canMove
  readonly planMove: typeof planMove
  readonly excuseLine: typeof excuseLine
}
