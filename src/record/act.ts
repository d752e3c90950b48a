import type { RunDescription } from '../execution/event.ts'

/** What somebody did outside of any run, and what is on record: names, never a value. */
export interface Act {
  readonly act: 'secrets-set' | 'secrets-changed' | 'secrets-deleted' | 'secrets-exported' | 'secrets-imported'
  /** Names, at least one. */
  readonly secrets: readonly string[]
  /** Of an export: the recipients it is encrypted to, as `age1…`; or only `passphrase`. */
  readonly to?: readonly string[]
  /** Of an export or import: the file's name without its folder. */
  readonly file?: string
}

/** An act, and who did it where. */
export interface ActDescription extends Act, Pick<RunDescription, 'id' | 'operator' | 'host' | 'origin' | 'version'> {}

/** As it was written; a newer version may have written an act that this one does not know. */
export interface RecordedAct extends Omit<ActDescription, 'act'> {
  readonly act: string
}
