import type { Outcome, OutcomeCounts, RunDescription } from '../execution/event.ts'
import type { RecordedAct } from './act.ts'
import type { Tally } from './tally.ts'

/**
 * What lists show of a record. Times are in milliseconds since the epoch. In a list it looks up what it has: whoever copies it
 * takes `copyOfRow`, because a spread would find nothing.
 */
export type RecordSummary = RunSummary | ActSummary

/** What trees and CodeLenses show of a run. */
export type RunSummary = ReadableRun | UnreadableRun

/** The record of an act, which has no outcome: the word tells it from a run. */
export interface ActSummary extends Omit<RecordedAct, 'host' | 'version'> {
  /** Relative to the repo, with `/`. */
  readonly path: string
  readonly outcome: 'act'
  /** When it was done. */
  readonly startedAt: number
}

export interface ReadableRun {
  /** Relative to the repo, with `/`. */
  readonly path: string
  readonly id: string
  readonly runbook: RunDescription['runbook']
  readonly operator: RunDescription['operator']
  readonly origin: RunDescription['origin']
  readonly batch?: RunDescription['batch']
  readonly resumes?: RunDescription['resumes']
  readonly follows?: RunDescription['follows']
  /** The hash of the last whole line: what an act about this run names. */
  readonly head: string
  readonly startedAt: number
  /** Missing while the run goes on, and where nobody knows when it ended. */
  readonly endedAt?: number
  readonly durationMs?: number
  readonly outcome: Outcome | 'running' | 'abandoned'
  /** Steps by how they ended last: what was tried again with success is no failure. */
  readonly counts: OutcomeCounts
  readonly tally: Tally
  /** Step executions that began, ended or not. */
  readonly started: number
  /** Ids of the steps that have a result. */
  readonly steps: readonly string[]
  /** Output was taken out of the record later. */
  readonly pruned?: true
  /** The last result of each step, by the step's id. */
  readonly results: Readonly<Record<string, StepResult>>
}

export interface UnreadableRun {
  readonly path: string
  readonly outcome: 'unreadable'
  /** An errno name; `empty`; `not-a-record`; or `newer-format`, which this version cannot read. */
  readonly reason: string
  /** When the file was last changed, so that it has a place in a list. */
  readonly startedAt: number
}

export interface StepResult {
  readonly outcome: Outcome
  /** When the step ended. */
  readonly time: number
  readonly durationMs: number
  readonly exitCode?: number
  /** The code of an `ExecutionProblem`, where there was one. */
  readonly problemCode?: string
  /** Of the text that ran; empty where the record does not say it. */
  readonly textSha256: string
  /** The text that ran, where something in it was masked: then its hash is that of no text in a runbook. */
  readonly maskedText?: string
  /** What it did was taken back later in the same run. */
  readonly undone?: true
}

/** A summary, and what the store needs to know beside it. */
export interface Digest {
  readonly summary: RecordSummary
  readonly parents: readonly string[]
  /** The hash of the last whole line. */
  readonly head?: string
  /** Where the record was written, when nothing closes it yet. */
  readonly openOn?: RunDescription['host']
  /** What a search looks through, each once: the texts that ran, and what was noted. */
  readonly texts: readonly string[]
}

/** The runs among records, and the files that cannot be read. */
export function runsAmong(summaries: readonly RecordSummary[]): readonly RunSummary[] {
  return summaries.filter((summary) => summary.outcome !== 'act')
}

/** Whether it is the summary of a run that can be read. */
export function isReadable(summary: RecordSummary): summary is ReadableRun {
  return summary.outcome !== 'act' && summary.outcome !== 'unreadable'
}
