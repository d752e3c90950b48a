import type { Attachment, RunDescription } from './event.ts'
import type { ExecutionProblem } from './problem.ts'
import type { RunPorts } from './run-api.ts'

/** Where a runbook is carried out: its repo, who sits there, and where the record goes. */
export interface RunSite {
  /** Root of the git repo that holds the runbook, else of the folder that was opened; absolute. */
  readonly root: string
  /** The runbook, relative to `root`, with `/`. */
  readonly path: string
  /** The runbook's folder, absolute. */
  readonly folder: string
  /** False: the record is kept, but nothing versions it. */
  readonly isRepository: boolean
  readonly git?: RunDescription['git']
  readonly operator: RunDescription['operator']
  readonly host: RunDescription['host']
  /** A record of one run; its file is made at the first event, so that a run that was refused leaves nothing. */
  openRecord(options?: RecordOptions): RunRecord
}

export interface RecordOptions {
  /** The most bytes (UTF-8) of one step's output that the record holds: half its head, half its tail. 1 MiB if missing. */
  readonly outputLimit?: number
}

export interface RunRecord {
  /** Absolute path of the file, once there is one. */
  readonly path: () => string | undefined
  readonly record: RunPorts['record']
  /** Keeps a file beside the record, for the answer to a manual step. Refused before the run has begun. */
  readonly attach: (source: AttachmentSource) => Promise<Attaching>
}

/** A file to attach. */
export type AttachmentSource =
  /** Absolute. */
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'content'; readonly name: string; readonly content: Uint8Array }

export type Attaching =
  | { readonly kind: 'attached'; readonly attachment: Attachment }
  | { readonly kind: 'refused'; readonly problem: ExecutionProblem }
