import type { Problem } from './problem.ts'

/** The file at a repo's root with what everybody who works with it shares. */
export const teamSettingsFile = 'baton.yaml'

/** What `baton.yaml` says, with the defaults of what it leaves out. */
export interface TeamSettings {
  readonly records: RecordSettings
}

export interface RecordSettings {
  /** Whether a record is committed when its run is over. Left out, the editor offers it, and a terminal asks nobody. */
  readonly commit?: 'ask' | 'always' | 'never'
  /** Whether records are signed: with the operator's own SSH key, or with that of a file. */
  readonly sign: boolean | { readonly key: string }
  readonly keep: {
    /** How old output may get before pruning takes it, in milliseconds. */
    readonly age?: number
    /** How much all records may take before pruning takes the oldest output, in bytes. */
    readonly size?: number
  }
}

export interface TeamSettingsReading {
  readonly settings: TeamSettings
  readonly problems: readonly Problem[]
}

/** What counts where there is no such file. */
export const defaultTeamSettings: TeamSettings = { records: { sign: false, keep: {} } }
