import { resolve } from 'node:path'
import { isWrong } from '../record/trust.ts'
import { systemReason } from '../wording/execution-problems.ts'
import { trustSentence } from '../wording/trust.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import type { NamedRecord } from './record-named.ts'
import { shownPath } from './shown-path.ts'
import { styleFor } from './style.ts'
import { UsageError } from './usage-error.ts'

/** Says of a record that is about to be shown that it is not what was written: it is shown as it is, and not believed. */
export async function tellWrong({ root, path }: NamedRecord, line: CommandLine): Promise<void> {
  const { t, err, records, cwd } = line
  const file = resolve(root, path)
  const [record] = (await records.verify(root, [file])).records
  if (record === undefined || !isWrong(record)) return
  const { verification } = record
  const shown = plain(shownPath(file, cwd))
  if (verification.kind === 'unreadable') {
    throw new UsageError(t('{0} cannot be read: {1}.', shown, systemReason(verification.reason, t)))
  }
  err.write(`${styleFor(err).bad(plain(trustSentence(record, t)))}  ${shown}\n`)
}
