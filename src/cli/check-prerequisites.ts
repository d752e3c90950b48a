import { join, relative, sep } from 'node:path'
import { linkedRunbook } from '../record/prerequisites.ts'
import type { Finding } from './finding.ts'
import type { CommandLine } from './ports.ts'
import type { ReadFile } from './read-runbooks.ts'

/** Links under “Prerequisites” that lead to no file: no run of the whole runbook would begin. */
export async function missingPrerequisites(
  { path, shown, runbook }: ReadFile,
  line: CommandLine,
): Promise<readonly Finding[]> {
  if (runbook.prerequisites.length === 0) return []
  const root = await line.records.rootOf(path)
  const from = relative(root, path).split(sep).join('/')
  const found: Finding[] = []
  for (const { target, range } of runbook.prerequisites) {
    const linked = linkedRunbook(from, target)
    if (linked === undefined || (await line.files.kindOf(join(root, linked))) === 'file') continue
    const message = line.t('The prerequisite {0} was not found. Correct the link.', linked)
    found.push({
      file: shown,
      ...range,
      severity: 'error',
      code: 'prerequisite-missing',
      values: { path: linked },
      message,
    })
  }
  return found
}
