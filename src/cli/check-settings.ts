import { basename, join, resolve } from 'node:path'
import { teamSettingsFile } from '../runbook/team-settings.ts'
import { type Finding, findingOf } from './finding.ts'
import type { CommandLine } from './ports.ts'
import { shownPath } from './shown-path.ts'

export function isSettingsFile(name: string): boolean {
  return basename(name) === teamSettingsFile
}

/**
 * The problems in `baton.yaml` of the repos that were checked.
 * @param places files and folders
 */
export async function problemsOfSettings(places: readonly string[], line: CommandLine): Promise<readonly Finding[]> {
  const roots = new Set<string>()
  for (const place of places) {
    const path = resolve(line.cwd, place)
    const isWhole = isSettingsFile(place) || (await line.files.kindOf(path)) === 'folder'
    if (isWhole) roots.add(await line.records.rootOf(path))
  }
  const found: Finding[] = []
  for (const root of roots) {
    const shown = shownPath(join(root, teamSettingsFile), line.cwd)
    const { problems } = await line.settingsOf(root)
    found.push(...problems.map((problem) => findingOf(shown, problem, line.t)))
  }
  return found
}
