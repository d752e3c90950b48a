import type { RunDescription } from '../execution/event.ts'

/** What somebody did outside of any run, and what is on record. It never holds a secret's value. */
export type Act = SecretsAct | RunNote | SignOff | Pruning

export interface SecretsAct {
  readonly act: 'secrets-set' | 'secrets-changed' | 'secrets-deleted' | 'secrets-exported' | 'secrets-imported'
  /** Names, at least one. */
  readonly secrets: readonly string[]
  /** Of an export: the recipients it is encrypted to, as `age1…`; or only `passphrase`. */
  readonly to?: readonly string[]
  /** Of an export or import: the file's name without its folder. */
  readonly file?: string
}

/** What somebody wrote to a run that is over. */
export interface RunNote {
  readonly act: 'run-noted'
  readonly about: RunReference
  /** The execution that it is about; the whole run where it is missing. */
  readonly execution?: number
  readonly text: string
}

/** A successor says how they came through a run that they followed. */
export interface SignOff {
  readonly act: 'run-signed-off'
  /** The run that was followed. */
  readonly about: RunReference
  /** What they carried out themselves; missing where they only watched. */
  readonly own?: RunReference
  readonly mastery: Mastery
  /** Who was with them, where they said so. */
  readonly with?: string
  readonly text?: string
}

/** `watched` only; `practised` together with somebody; `performed` alone. */
export type Mastery = 'watched' | 'practised' | 'performed'

export const masteries = ['watched', 'practised', 'performed'] as const satisfies readonly Mastery[]

/** Output that was taken out of records, of which the hashes stay. */
export interface Pruning {
  readonly act: 'output-pruned'
  readonly pruned: readonly PrunedRecord[]
}

export interface PrunedRecord extends RunReference {
  /** Of the lines that were replaced. */
  readonly lines: number
  /** Of the text that was taken out, as UTF-8. */
  readonly bytes: number
  /** SHA-256 (hexadecimal) of the whole file as it is from then on, with `\n` as line ends. */
  readonly sha256: string
}

/** Exactly one record of a run: a run of the same id with another head is another text. */
export interface RunReference {
  /** The run's id. */
  readonly run: string
  /** The hash of the last line of its record. */
  readonly head: string
}

/** An act, and who did it where. */
export type ActDescription = Act & Witness

export type Witness = Pick<RunDescription, 'id' | 'operator' | 'host' | 'origin' | 'version'>

/** As it was written; a newer version may have written an act that this one does not know. */
export interface RecordedAct extends Witness {
  readonly act: string
  readonly secrets?: readonly string[]
  readonly to?: readonly string[]
  readonly file?: string
  readonly about?: RunReference
  readonly execution?: number
  readonly own?: RunReference
  readonly mastery?: Mastery
  readonly with?: string
  readonly text?: string
  readonly pruned?: readonly PrunedRecord[]
}
