import type { RunSite } from '../execution/run-site.ts'
import { missingApproval, prepareSite, refuseUnattended } from './before-a-run.ts'
import { carryOut, type RunOrder } from './carry-out.ts'
import { dryRun } from './dry-run.ts'
import { type ExitCode, exitCodeOfOutcome } from './exit-codes.ts'
import type { FollowDisplay } from './follow-display.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { tellProblem } from './problem-text.ts'
import { displayOf, type RunDisplay } from './run-display.ts'
import { runToFollow } from './run-follow.ts'
import {
  namedValues,
  type ParameterValues,
  parametersOfRun,
  parseParameters,
  tellOfArguments,
} from './run-parameters.ts'
import {
  dueParts,
  type PrerequisiteOptions,
  type Prerequisites,
  prerequisitesOf,
  problemOfPrerequisites,
  runPrerequisites,
} from './run-prerequisites.ts'
import { type Resumed, resumedRun } from './run-resume.ts'
import { secretsOfRun } from './run-secrets.ts'
import { type Target, targetOf } from './run-target.ts'
import { shownPath } from './shown-path.ts'
import { styleFor } from './style.ts'
import { UsageError } from './usage-error.ts'

export interface RunOptions extends PrerequisiteOptions {
  /** `NAME=VALUE` */
  readonly param?: readonly string[]
  /** Shows what would run, and runs nothing. */
  readonly dryRun?: true
  /** The step to go on from, to the end. */
  readonly from?: string
  /** A record, or the id of its run. */
  readonly resume?: string
  /** The run that the new one follows: a record, or its id. */
  readonly follow?: string
}

/** `baton run`: carries out a runbook, or a part of it, and leaves its record. */
export async function run(argument: string | undefined, options: RunOptions, line: CommandLine): Promise<ExitCode> {
  const typed = parseParameters(options.param ?? [], line)
  return carryOutTarget(await whatToRun(argument, typed, options, line), options, line)
}

/** What goes beside a run and sees how it ends. */
export interface Companion {
  displayOf(inner: RunDisplay): FollowDisplay
  /** @param record absolute path of the finished record */
  ended(record: string): void
}

export async function carryOutTarget(
  { target, site, given: typed, earlier, lost, more }: WhatToRun,
  options: RunOptions,
  line: CommandLine,
  companion?: Companion,
): Promise<ExitCode> {
  const given = namedValues(typed, target.file.runbook.frontmatter.parameters)
  const prerequisites: Prerequisites =
    target.selection.kind === 'runbook'
      ? await prerequisitesOf(target.file, site, line)
      : { checks: [], files: new Map() }
  if (options.dryRun) return dryRun({ target, site, given, prerequisites }, options, line)

  const parts = [...dueParts(prerequisites, options), target]
  refuseUnattended(parts, options, line)
  const { parameters: declarations, secrets } = target.file.runbook.frontmatter
  tellOfArguments(given, declarations, line)
  const parameters = await parametersOfRun(declarations, given, options.yes === true, line, { lost, earlier })
  const problem = problemOfPrerequisites(prerequisites, options) ?? (await missingApproval(parts, options, line))
  if (problem !== undefined) return tellProblem(problem, options, line)
  await prepareSite(site, line)
  const states = await runPrerequisites(prerequisites, parameters, options, line)
  if ('code' in states) return tellProblem(states, options, line)

  const usual = displayOf(target.file, options, line)
  const followed = companion?.displayOf(usual)
  const carriedOut = await carryOut(
    {
      ...target,
      site,
      parameters,
      secrets: secretsOfRun(secrets, line),
      display: followed ?? usual,
      ...(followed && { beside: followed.beside }),
      more: {
        ...more,
        ...(states.length === 0 ? {} : { prerequisites: states }),
      },
    },
    options,
    line,
  )
  if (carriedOut.record !== undefined) companion?.ended(carriedOut.record)
  if (carriedOut.problem !== undefined) return tellProblem(carriedOut.problem, options, line)
  const isOpen = carriedOut.outcome !== 'succeeded' && carriedOut.outcome !== 'skipped'
  if (isOpen && carriedOut.record !== undefined && target.selection.kind !== 'step') {
    const record = plain(shownPath(carriedOut.record, line.cwd))
    line.err.write(`${styleFor(line.err).quiet(line.t('To go on from there: baton run --resume {0}', record))}\n`)
  }
  return exitCodeOfOutcome(carriedOut.outcome)
}

export interface WhatToRun {
  readonly target: Target
  readonly site: RunSite
  readonly given: ParameterValues
  /** Values of the run that this one follows: to be taken with Enter where they are asked for. */
  readonly earlier?: ParameterValues
  readonly lost?: Resumed['lost']
  readonly more?: RunOrder['more']
}

async function whatToRun(
  argument: string | undefined,
  typed: ParameterValues,
  options: RunOptions,
  line: CommandLine,
): Promise<WhatToRun> {
  if (options.resume !== undefined && options.follow !== undefined) {
    throw new UsageError(line.t('{0} and {1} exclude one another.', '--resume', '--follow'))
  }
  if (options.resume !== undefined) return resumedRun(options.resume, argument, typed, options.from, line)
  if (argument === undefined) {
    const missing = line.t('Something is missing: {0}.', 'file[#step]')
    throw new UsageError(`${missing} ${line.t('The runbooks here: baton list')}`)
  }
  const target = await targetOf(argument, options.from, line)
  if (options.follow !== undefined) {
    const { followed, earlier } = await runToFollow(options.follow, target.file.path, line)
    const site = await line.runs.siteOf(target.file.path)
    return { target, site, given: typed, earlier, more: { follows: followed.run.id } }
  }
  return { target, site: await line.runs.siteOf(target.file.path), given: typed }
}
