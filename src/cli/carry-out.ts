import { basename } from 'node:path'
import type { Outcome, RunDescription, RunEvent, Selection } from '../execution/event.ts'
import type { ExecutionProblem } from '../execution/problem.ts'
import { startRun } from '../execution/run.ts'
import type { Run } from '../execution/run-api.ts'
import type { RunSite } from '../execution/run-site.ts'
import { sha256 } from '../execution/step-text.ts'
import { taintedLines } from '../secrets/credentials/tainted-lines.ts'
import { taintedRecordSentence } from '../wording/credentials.ts'
import { interactiveSteps } from './interactive-steps.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import type { ReadFile } from './read-runbooks.ts'
import type { RunDisplay } from './run-display.ts'
import type { ParameterValues } from './run-parameters.ts'
import { questionsOfRun } from './run-questions.ts'
import type { SecretsOfRun } from './run-secrets.ts'
import { shownPath } from './shown-path.ts'
import { styleFor } from './style.ts'

/** One run from its start to its end. */
export interface RunOrder {
  readonly file: ReadFile
  readonly selection: Selection
  readonly site: RunSite
  readonly parameters: ParameterValues
  readonly secrets: SecretsOfRun
  readonly display: RunDisplay
  /** What its record says beside that. */
  readonly more?: Pick<RunDescription, 'batch' | 'resumes' | 'follows' | 'prerequisites'>
  /** Awaited when an event is on record, before it is shown. */
  readonly beside?: (event: RunEvent, record: string | undefined) => Promise<void>
}

export interface CarryOutOptions {
  readonly yes?: true
  /** Bytes of one step's output that the record holds. */
  readonly outputLimit?: number
  /** Hears of each record that was written to its end: an absolute path. */
  readonly onRecord?: (path: string) => void
}

export interface CarriedOut {
  readonly id: string
  readonly outcome: Outcome
  /** Why it did not begin, or ended where no step says why. */
  readonly problem?: ExecutionProblem
  /** Absolute path; missing where nothing ran. */
  readonly record?: string
}

export async function carryOut(order: RunOrder, options: CarryOutOptions, line: CommandLine): Promise<CarriedOut> {
  const { file, selection, site, parameters, display } = order
  const record = site.openRecord(options.outputLimit === undefined ? {} : { outputLimit: options.outputLimit })
  const interactive = interactiveSteps(file.runbook, line)
  const description = describe(order, options, line.version)
  const { shells, resolvePath, approvals, sleep, remember } = line.runs
  const run = startRun(
    {
      description,
      folder: site.folder,
      file: file.shown,
      parameters,
      sensitive: file.runbook.frontmatter.parameters.flatMap(({ name, sensitive }) => (sensitive ? [name] : [])),
    },
    {
      shells,
      resolvePath,
      approvals,
      sleep,
      remember,
      now: line.now,
      ...order.secrets,
      ask: interactive.asking(questionsOfRun(options.yes === true, record.attach, line)),
      async record(event, utf8) {
        // A reader of this output that is slow slows the step down, instead of filling the memory.
        await line.out.drained()
        const failure = await record.record(event, utf8)
        await order.beside?.(event, record.path())
        return failure
      },
      show(event) {
        // What is said of a step stands below its header, and on the screen that was there before it.
        const order = event.type === 'step-ended' ? [interactive, display] : [display, interactive]
        for (const { show } of order) show(event)
      },
    },
  )
  interactive.attach(run)
  const stopListening = cancelOnInterrupt(run, line)
  try {
    const result = await run.execute(file.runbook, selection)
    const ended = await run.finish()
    const path = record.path()
    display.close(path)
    if (path !== undefined) {
      await tellTainted(path, file, line)
      options.onRecord?.(path)
    }
    return {
      id: description.id,
      outcome: result.kind === 'finished' && path === undefined ? result.outcome : ended,
      ...(result.problem === undefined ? {} : { problem: result.problem }),
      ...(path === undefined ? {} : { record: path }),
    }
  } finally {
    interactive.close()
    // Again where something threw: no process of the run may outlive it.
    await run.finish()
    stopListening()
  }
}

/** Before anybody commits the record: what came into it although no secret of the run did. */
async function tellTainted(record: string, { text }: ReadFile, { credentials, cwd, err, t, locale }: CommandLine) {
  const tainted = await taintedLines(record, async () => text, credentials)
  if (tainted.length === 0) return
  const lines = tainted.map(({ line }) => line + 1)
  err.write(`${styleFor(err).notice(taintedRecordSentence(plain(shownPath(record, cwd)), lines, t, locale))}\n`)
}

function describe({ file, site, parameters, more }: RunOrder, { yes }: CarryOutOptions, version: string) {
  const description: RunDescription = {
    id: newId(),
    runbook: { path: site.path, title: file.runbook.title || basename(file.path), sha256: sha256(file.text) },
    operator: site.operator,
    host: site.host,
    parameters,
    secrets: file.runbook.frontmatter.secrets.map(({ name }) => name),
    origin: 'command-line',
    version,
    ...(site.git === undefined ? {} : { git: site.git }),
    ...(yes ? { unattended: true } : {}),
    ...more,
  }
  return description
}

/** Of a run or a batch: 12 characters. */
export function newId(): string {
  return crypto.randomUUID().replaceAll('-', '').slice(0, 12)
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
