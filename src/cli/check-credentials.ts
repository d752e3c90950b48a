import { resolve } from 'node:path'
import type { CredentialFinding } from '../secrets/credentials/findings.ts'
import type { CredentialHit } from '../secrets/credentials/hit.ts'
import { taintedLines } from '../secrets/credentials/tainted-lines.ts'
import { credentialSentence, recordedCredentialSentence } from '../wording/credentials.ts'
import { runbookOf } from './commit-records.ts'
import type { Finding } from './finding.ts'
import type { CommandLine } from './ports.ts'
import type { ReadFile } from './read-runbooks.ts'
import { shownPath } from './shown-path.ts'

/** The tainted lines of a runbook: errors, so that CI stops before a value gets further. */
export function credentialsIn(
  { shown, text }: ReadFile,
  findings: readonly CredentialFinding[],
  { t, locale }: CommandLine,
): readonly Finding[] {
  const lines = text.split(/\r\n|\n|\r/)
  return findings.map(({ firstLine, lastLine, hits }) => ({
    file: shown,
    start: { line: firstLine, character: Math.max(0, lines[firstLine]?.search(/\S/) ?? 0) },
    end: { line: lastLine, character: lines[lastLine]?.trimEnd().length ?? 0 },
    ...about(hits),
    message: credentialSentence(hits, t, locale),
  }))
}

/**
 * The tainted lines of the records that are in no commit yet, of the repos that were checked.
 * @param places files and folders
 * @param excused what the checked runbooks say is no secret
 */
export async function credentialsInRecords(
  places: readonly string[],
  excused: ReadonlySet<string>,
  line: CommandLine,
): Promise<readonly Finding[]> {
  const roots = new Set<string>()
  for (const place of places) roots.add(await line.records.rootOf(resolve(line.cwd, place)))
  const found: Finding[] = []
  for (const root of roots) {
    for (const path of await line.records.uncommitted(root)) {
      const tainted = await taintedLines(path, () => runbookOf(root, path, line), line.credentials, excused)
      for (const { line: at, hits } of tainted) {
        const start = { line: at, character: 0 }
        const message = recordedCredentialSentence(hits, line.t, line.locale)
        found.push({ file: shownPath(path, line.cwd), start, end: start, ...about(hits), message })
      }
    }
  }
  return found
}

function about(hits: readonly CredentialHit[]): Pick<Finding, 'severity' | 'code' | 'values'> {
  const rules = [...new Set(hits.map(({ rule }) => rule))]
  return { severity: 'error', code: 'credential', values: { rules: rules.join(' ') } }
}
