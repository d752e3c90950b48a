import { join } from 'node:path'
import { defaultTeamSettings, type TeamSettingsReading, teamSettingsFile } from '../runbook/team-settings.ts'
import { readTextFile } from './runbook-files.ts'

/**
 * What `baton.yaml` of a repo says. The defaults where there is none, and where it cannot be read, which is a problem then.
 * @param root absolute
 */
export async function readTeamSettingsOf(root: string): Promise<TeamSettingsReading> {
  const read = await readTextFile(join(root, teamSettingsFile))
  switch (read.kind) {
    case 'text':
      return await readTeamSettings(read.text)
    case 'not-text':
      return unread('file-not-text', {})
    case 'failed':
      if (read.reason === 'ENOENT') return { settings: defaultTeamSettings, problems: [] }
      return unread('settings-unreadable', { reason: read.reason })
  }
}

/** What the text of a `baton.yaml` says; the parser of YAML is loaded by the first one. */
export async function readTeamSettings(text: string): Promise<TeamSettingsReading> {
  const reader = await import('../runbook/team-settings-reader.ts')
  return reader.readTeamSettings(text)
}

function unread(
  code: 'file-not-text' | 'settings-unreadable',
  values: Readonly<Record<string, string>>,
): TeamSettingsReading {
  const start = { line: 0, character: 0, offset: 0 }
  const problem = { code, severity: 'error', range: { start, end: start }, values } as const
  return { settings: defaultTeamSettings, problems: [problem] }
}
