import { join } from 'node:path'
import type { RunDescription } from '../execution/event.ts'
import type { RunSite } from '../execution/run-site.ts'
import { sha256 } from '../execution/step-text.ts'
import { continuationOf } from '../record/resume.ts'
import { continuationSentence } from '../wording/continuation.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { recordNamed } from './record-named.ts'
import type { ParameterValues } from './run-parameters.ts'
import { readToRun, stepNamed, type Target } from './run-target.ts'
import { styleFor } from './style.ts'
import { UsageError } from './usage-error.ts'

export interface Resumed {
  readonly target: Target
  readonly site: RunSite
  readonly given: ParameterValues
  /** Parameters whose values the record does not hold. */
  readonly lost: readonly string[]
  /** What the new record says of the old one; a row of a batch stays one. */
  readonly more: Pick<RunDescription, 'resumes' | 'batch'>
}

/**
 * A run that goes on from an earlier one, with its parameters.
 * @param named a record's file, or the id of its run
 * @param argument the runbook, where it is named as well
 * @param from the step to go on from, where it is not the one that the record says
 */
export async function resumedRun(
  named: string,
  argument: string | undefined,
  typed: ParameterValues,
  from: string | undefined,
  line: CommandLine,
): Promise<Resumed> {
  const { t, err, records } = line
  const { root, path } = await recordNamed(named, line)
  const transcript = await records.read(root, path)
  if (transcript.run === undefined) {
    throw new UsageError(continuationSentence({ kind: 'impossible', reason: 'not-a-record' }, t))
  }
  const file = await readToRun(argument ?? join(root, transcript.run.runbook.path), line)
  const site = await line.runs.siteOf(file.path)
  const isRunning = transcript.end.kind === 'none' && (await records.isBeingWritten(root, path))
  const source = { path: site.path, sha256: sha256(file.text) }
  const found = continuationOf(transcript, file.runbook, source, isRunning)
  const isChosen = found.kind === 'impossible' && found.reason === 'step-gone' && from !== undefined
  if (found.kind === 'impossible' && !isChosen) throw new UsageError(plain(continuationSentence(found, t)))

  const recorded = found.kind === 'possible' ? found.parameters : {}
  const other = Object.keys(typed).find((name) => Object.hasOwn(recorded, name) && recorded[name] !== typed[name])
  if (other !== undefined) {
    throw new UsageError(t('{0} keeps the value of the run that goes on. Leave it out.', plain(other)))
  }
  const stepId =
    found.kind === 'possible' && from === undefined ? found.step.id : stepNamed(from ?? '', file.runbook, line)
  const title = file.runbook.steps.find(({ id }) => id === stepId)?.title ?? stepId
  const run = transcript.run.id
  const style = styleFor(err)
  err.write(`${t('Goes on with run {0} at “{1}”.', run, plain(title))}\n`)
  err.write(`${style.quiet(t('Variables that the steps before it had set are not there any more.'))}\n`)
  if (found.kind === 'impossible' || found.changed) {
    err.write(`${style.notice(t('The runbook changed since that run.'))}\n`)
  }
  return {
    target: { file, selection: { kind: 'from', stepId } },
    site,
    given: { ...recorded, ...typed },
    lost: found.kind === 'possible' ? found.askAgain : [],
    more: {
      resumes: { run, step: stepId },
      ...(transcript.run.batch === undefined ? {} : { batch: transcript.run.batch }),
    },
  }
}
