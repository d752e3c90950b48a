import { basename } from 'node:path'
import type { RunDescription } from '../execution/event.ts'
import { reachableSteps } from '../execution/flow.ts'
import type { ExecutionProblem } from '../execution/problem.ts'
import { startRun } from '../execution/run.ts'
import type { Run } from '../execution/run-api.ts'
import type { RunSite } from '../execution/run-site.ts'
import { sha256 } from '../execution/step-text.ts'
import { executionProblemSentence } from '../wording/execution-problems.ts'
import { type ExitCode, exitCodeOfOutcome, exitCodeOfProblem } from './exit-codes.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { jsonDisplay, textDisplay } from './run-display.ts'
import { type ParameterValues, parametersOfRun, parseParameters } from './run-parameters.ts'
import { questionsOfRun } from './run-questions.ts'
import { secretsOfRun } from './run-secrets.ts'
import { type Target, targetOf } from './run-target.ts'
import { shownPath } from './shown-path.ts'
import { UsageError } from './usage-error.ts'

export interface RunOptions {
  /** `NAME=VALUE` */
  readonly param?: readonly string[]
  readonly yes?: true
  readonly json?: true
}

/** `baton run`: carries out a runbook, or a part of it, and leaves its record. */
export async function run(argument: string, options: RunOptions, line: CommandLine): Promise<ExitCode> {
  const given = parseParameters(options.param ?? [], line)
  const target = await targetOf(argument, line)
  refuseUnattended(target, options, line)
  const { parameters: declarations } = target.file.runbook.frontmatter
  const parameters = await parametersOfRun(declarations, given, options.yes === true, line)

  const site = await line.runs.siteOf(target.file.path)
  if (!site.isRepository) {
    line.err.write(
      `${line.t('This folder is not in a git repository: the record is kept here, but nothing versions it.')}\n`,
    )
  }
  const closed = await line.records.closeAbandoned(site.root)
  if (closed > 0) line.err.write(`${line.t('Records of runs that were cut off were closed: {0}', closed)}\n`)

  const record = site.openRecord()
  const display = options.json
    ? jsonDisplay(line)
    : textDisplay(target.file.shown, (path) => shownPath(path, line.cwd), line)
  const carriedOut = startRun(
    {
      description: describe(target, site, parameters, line.version),
      folder: site.folder,
      file: target.file.shown,
      parameters,
      sensitive: declarations.flatMap(({ name, sensitive }) => (sensitive ? [name] : [])),
    },
    {
      shells: line.runs.shells,
      resolvePath: line.runs.resolvePath,
      now: line.now,
      secret: secretsOfRun(target.file.runbook.frontmatter.secrets, line),
      ask: questionsOfRun(options.yes === true, line),
      async record(event) {
        // A reader of this output that is slow slows the step down, instead of filling the memory.
        await line.out.drained()
        return record.record(event)
      },
      show: display.show,
    },
  )
  const stopListening = cancelOnInterrupt(carriedOut, line)
  try {
    const result = await carriedOut.execute(target.file.runbook, target.selection)
    const outcome = await carriedOut.finish()
    display.close(record.path())
    if (result.problem !== undefined) return tell(result.problem, options, line)
    return exitCodeOfOutcome(result.kind === 'finished' && record.path() === undefined ? result.outcome : outcome)
  } finally {
    // Again where something threw: no process of the run may outlive it.
    await carriedOut.finish()
    stopListening()
  }
}

/** Said before anything ran, so that a schedule that forgot `--yes` does not stop halfway. */
function refuseUnattended({ file, selection }: Target, { yes }: RunOptions, { t, prompt }: CommandLine): void {
  if (yes || prompt !== undefined) return
  const asking = reachableSteps(file.runbook, selection).find(
    (step) => step.kind === 'command' && step.attributes.confirm && !step.attributes.skip,
  )
  if (asking === undefined) return
  throw new UsageError(
    t('Step “{0}” asks before it runs, and nobody is here to answer. Use --yes to allow it.', plain(asking.title)),
  )
}

function describe({ file }: Target, site: RunSite, parameters: ParameterValues, version: string): RunDescription {
  return {
    id: crypto.randomUUID().replaceAll('-', '').slice(0, 12),
    runbook: { path: site.path, title: file.runbook.title || basename(file.path), sha256: sha256(file.text) },
    operator: site.operator,
    host: site.host,
    parameters,
    secrets: file.runbook.frontmatter.secrets.map(({ name }) => name),
    origin: 'command-line',
    version,
    ...(site.git === undefined ? {} : { git: site.git }),
  }
}

function tell(problem: ExecutionProblem, options: RunOptions, line: CommandLine): ExitCode {
  const message = sentence(problem, line)
  if (options.json) line.out.write(`${JSON.stringify({ type: 'problem', ...problem, message })}\n`)
  line.err.write(`${message}\n`)
  return exitCodeOfProblem(problem)
}

/** Here a secret has one more way in, and its sentence has to say so. */
function sentence(problem: ExecutionProblem, { t }: CommandLine): string {
  const variable = `BATON_SECRET_${problem.values.name ?? ''}`
  switch (problem.code) {
    case 'secret-missing':
      return t(
        'The secret {0} is not in the keychain. Set {1}, or run in a terminal, where it is asked for.',
        problem.values.name ?? '',
        variable,
      )
    case 'keychain-locked':
    case 'keychain-unavailable':
    case 'keychain-timeout':
    case 'keychain-failed':
      return `${executionProblemSentence(problem, t)} ${t('Without the keychain, set {0}.', variable)}`
    default:
      return plain(executionProblemSentence(problem, t))
  }
}

/** `npx` and a terminal may both hand on one keystroke. */
const sameKeystrokeMs = 100
const forceWithinMs = 2000

/** The first Ctrl+C ends the step and closes the record; the second one leaves at once. */
function cancelOnInterrupt(run: Run, line: CommandLine): () => void {
  let first: number | undefined
  return line.runs.onInterrupt(() => {
    const now = line.now()
    const since = first === undefined ? undefined : now - first
    if (since !== undefined && since < sameKeystrokeMs) return
    if (since !== undefined && since < forceWithinMs) return line.runs.leaveAtOnce()
    first = now
    line.err.write(`${line.t('Stopping. Press Ctrl+C once more to leave at once.')}\n`)
    run.cancel()
  })
}
