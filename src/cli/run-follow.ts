import { join } from 'node:path'
import type { RunSite } from '../execution/run-site.ts'
import { sha256 } from '../execution/step-text.ts'
import { annotationsOf, noAnnotations, notesByRun } from '../record/annotations.ts'
import { earlierValues, type FollowedRun, followingOf } from '../record/follow.ts'
import { isReadable } from '../record/summary.ts'
import type { Transcript } from '../record/transcript.ts'
import { followingProblem } from '../wording/follow.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import type { ReadFile } from './read-runbooks.ts'
import { recordNamed } from './record-named.ts'
import type { ParameterValues } from './run-parameters.ts'
import { readToRun } from './run-target.ts'
import { UsageError } from './usage-error.ts'
import { tellWrong } from './wrong-record.ts'

/** A run to follow, and the runbook that it was of as it is now. */
export interface RunToFollow {
  readonly followed: FollowedRun
  readonly transcript: Transcript
  readonly file: ReadFile
  readonly site: RunSite
  /** What its parameters were, as far as that may be shown. */
  readonly earlier: ParameterValues
}

/**
 * @param named a record's file, or the id of its run
 * @param argument the runbook, where it is named as well
 */
export async function runToFollow(
  named: string,
  argument: string | undefined,
  line: CommandLine,
): Promise<RunToFollow> {
  const { t, records } = line
  const record = await recordNamed(named, line)
  await tellWrong(record, line)
  const { root, path } = record
  const transcript = await records.read(root, path)
  const { run } = transcript
  if (run === undefined) throw new UsageError(followingProblem({ kind: 'impossible', reason: 'not-a-record' }, t))
  const file = await readToRun(argument ?? join(root, run.runbook.path), line)
  const site = await line.runs.siteOf(file.path)
  const all = await records.all(root)
  // A record from elsewhere has no notes here.
  const summary = all.filter(isReadable).find(({ id }) => id === run.id)
  const annotations = summary ? annotationsOf(summary, await notesByRun(all)) : noAnnotations
  const source = { path: site.path, sha256: sha256(file.text) }
  const following = followingOf(transcript, file.runbook, source, annotations)
  if (following.kind === 'impossible') throw new UsageError(plain(followingProblem(following, t)))
  return { followed: following, transcript, file, site, earlier: earlierValues(run, file.runbook) }
}
