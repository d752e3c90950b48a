import type { TaintedRecordLine } from './record.ts'
import type { CredentialScanner } from './scanner.ts'

/**
 * The lines of a record that hold a credential, but for what its runbook says is none.
 * @param path of the record, absolute
 * @param runbook its text; asked for when there is something to excuse
 * @param excused what other runbooks say is no secret
 */
export async function taintedLines(
  path: string,
  runbook: () => Promise<string | undefined>,
  scanner: CredentialScanner,
  excused: ReadonlySet<string> = new Set(),
): Promise<readonly TaintedRecordLine[]> {
  const tainted = await scanner.inRecord(path, excused)
  const text = tainted.length === 0 ? undefined : await runbook()
  const more = text === undefined ? undefined : (await scanner.inMarkdown(text)).excused
  return more === undefined || more.size === 0 ? tainted : scanner.inRecord(path, new Set([...excused, ...more]))
}
