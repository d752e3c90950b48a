import { resolve } from 'node:path'
import { type BatchRow, columnsOf, readBatch } from '../execution/batch.ts'
import { type RowResult, rowsToResume, runBatch, summariseBatch } from '../execution/batch-run.ts'
import { decodeTable } from '../execution/table-text.ts'
import type { ParameterDeclaration } from '../runbook/parameter.ts'
import { MASK } from '../secrets/mask.ts'
import { batchProblemSentence, batchResumptionSentence } from '../wording/batch.ts'
import { systemReason } from '../wording/execution-problems.ts'
import { batchDisplay } from './batch-display.ts'
import { type RecordedBatch, recordedBatch } from './batch-records.ts'
import { missingApproval, prepareSite, refuseUnattended } from './before-a-run.ts'
import { carryOut, newId } from './carry-out.ts'
import { type ExitCode, exitCodeOfOutcome, exitCodeOfProblem, exitCodes } from './exit-codes.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { problemSentence, tellProblem } from './problem-text.ts'
import { displayOf } from './run-display.ts'
import {
  namedValues,
  type ParameterValues,
  parseParameters,
  refuseLost,
  tellOfArguments,
  withEnvironment,
} from './run-parameters.ts'
import {
  dueParts,
  type PrerequisiteOptions,
  prerequisitesOf,
  problemOfPrerequisites,
  runPrerequisites,
} from './run-prerequisites.ts'
import { secretsOfRun } from './run-secrets.ts'
import { targetOf } from './run-target.ts'
import { shownPath } from './shown-path.ts'
import { UsageError } from './usage-error.ts'

export interface BatchOptions extends PrerequisiteOptions {
  /** `NAME=VALUE`, the same for every row. */
  readonly param?: readonly string[]
  /** Looks at the table, and runs nothing. */
  readonly dryRun?: true
  /** Go on with the next row after a failure. */
  readonly continue?: true
  /** The id of a batch whose other rows are to be carried out. */
  readonly resume?: string
}

/** `baton batch`: carries out a runbook once for each row of a table, one record a row. */
export async function batch(
  argument: string,
  table: string,
  options: BatchOptions,
  line: CommandLine,
): Promise<ExitCode> {
  const target = await targetOf(argument, undefined, line)
  const { parameters: declarations, secrets } = target.file.runbook.frontmatter
  if (declarations.length === 0) {
    throw new UsageError(line.t('This runbook has no parameters, so there is nothing that a row could give it.'))
  }
  const site = await line.runs.siteOf(target.file.path)
  const csv = await readTable(table, line)
  const before = options.resume === undefined ? undefined : await recordedBatch(options.resume, site, line)
  const typed = namedValues(parseParameters(options.param ?? [], line), declarations)
  tellOfArguments(typed, declarations, line)
  const columns = columnsOf(csv, declarations)
  const given = await withEnvironment(typed, declarations, line, columns)
  const fixed = fixedValues(given, before, columns, declarations, line)
  const all = rowsOf(csv, declarations, fixed, line)
  const rows = before === undefined ? all : openRows(all, before, declarations, line)
  const id = options.resume ?? newId()
  const display = batchDisplay({ id, rows: all.length, file: target.file }, options, line)
  if (options.dryRun) {
    display.rehearsal(rows, declarations)
    return exitCodes.fine
  }

  const prerequisites = await prerequisitesOf(target.file, site, line)
  const parts = [...dueParts(prerequisites, options), target]
  refuseUnattended(parts, options, line)
  const problem = problemOfPrerequisites(prerequisites, options) ?? (await missingApproval(parts, options, line))
  if (problem !== undefined) return tellProblem(problem, options, line)
  await prepareSite(site, line)
  const states = await runPrerequisites(prerequisites, fixed, options, line)
  if ('code' in states) return tellProblem(states, options, line)

  const rowLine: CommandLine = { ...line, err: display.err }
  const ownSecrets = secretsOfRun(secrets, rowLine)
  const more = states.length === 0 ? {} : { prerequisites: states }
  const runRow = async (row: BatchRow): Promise<RowResult> => {
    display.begin(row)
    const ended = await carryOut(
      {
        ...target,
        site,
        parameters: row.values,
        secrets: ownSecrets,
        display: displayOf(target.file, options, rowLine),
        more: { ...more, batch: { id, row: row.row, rows: all.length } },
      },
      options,
      rowLine,
    )
    const result: RowResult = {
      row,
      outcome: ended.record === undefined ? 'not-run' : ended.outcome,
      ...(ended.problem === undefined ? {} : { problem: ended.problem }),
      ...(ended.record === undefined ? {} : { record: shownPath(ended.record, line.cwd) }),
    }
    if (result.problem !== undefined) display.err.write(`${problemSentence(result.problem, line)}\n`)
    display.end(result)
    return result
  }
  let isCancelled = false
  const stopListening = line.runs.onInterrupt(() => {
    isCancelled = true
  })
  const onFailure = options.continue ? 'continue' : 'stop'
  const results = await runBatch(rows, onFailure, runRow, () => isCancelled).finally(stopListening)
  const summary = summariseBatch(results)
  display.close(results, summary)
  const refusal = results.find(({ outcome }) => outcome === 'not-run')?.problem
  const nothingRan = results.every(({ outcome }) => outcome === 'not-run')
  return refusal !== undefined && nothingRan ? exitCodeOfProblem(refusal) : exitCodeOfOutcome(summary.outcome)
}

async function readTable(name: string, { files, cwd, t }: CommandLine): Promise<string> {
  const read = await files.readBytes(resolve(cwd, name))
  if (read.kind === 'failed')
    throw new UsageError(t('{0} cannot be read: {1}.', plain(name), systemReason(read.reason, t)))
  const text = decodeTable(read.bytes)
  if (text !== undefined) return text
  throw new UsageError(t('{0} is no table of text. Save it as CSV.', plain(name)))
}

function rowsOf(
  csv: string,
  declarations: readonly ParameterDeclaration[],
  fixed: ParameterValues,
  { t, locale }: CommandLine,
): readonly BatchRow[] {
  const reading = readBatch(csv, declarations, fixed)
  if (reading.kind === 'rows') return reading.rows
  const shown = reading.problems.slice(0, shownProblems)
  const sentences = shown.map((problem) => plain(batchProblemSentence(problem, declarations, t, locale)))
  const rest = reading.problems.length - shown.length
  throw new UsageError([...sentences, ...(rest > 0 ? [t('and {0} more', rest)] : [])].join('\n'))
}

/** About a screen: who has more to mend than that has one mistake in a whole column. */
const shownProblems = 30

/** Values that are the same for every row: given now, else what the rows of the earlier part of the batch had. */
function fixedValues(
  given: ParameterValues,
  before: RecordedBatch | undefined,
  columns: readonly string[],
  declarations: readonly ParameterDeclaration[],
  line: CommandLine,
): ParameterValues {
  const recorded = before?.rows[0]?.parameters ?? {}
  const kept = declarations.filter(({ name }) => !columns.includes(name) && recorded[name])
  const isMasked = ({ name }: ParameterDeclaration) => recorded[name]?.includes(MASK) ?? false
  refuseLost(
    kept.filter(isMasked).map(({ name }) => name),
    given,
    declarations,
    line,
  )
  return { ...Object.fromEntries(kept.map(({ name }) => [name, recorded[name] ?? ''])), ...given }
}

function openRows(
  all: readonly BatchRow[],
  { rows }: RecordedBatch,
  declarations: readonly ParameterDeclaration[],
  { t }: CommandLine,
): readonly BatchRow[] {
  const hidden = declarations.flatMap(({ name, sensitive }) => (sensitive ? [name] : []))
  const resumption = rowsToResume(all, rows, hidden)
  if (resumption.kind !== 'rows') throw new UsageError(plain(batchResumptionSentence(resumption, t)))
  if (resumption.rows.length === 0)
    throw new UsageError(t('Every row of this batch succeeded: nothing is left to run.'))
  return resumption.rows
}
