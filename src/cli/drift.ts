import { basename, relative, resolve, sep } from 'node:path'
import { textOf } from '../execution/step-text.ts'
import { driftOf, type RunbookDrift, type StepDrift, sourceHashes } from '../record/drift.ts'
import type { ReadableRun } from '../record/summary.ts'
import { driftSentences } from '../wording/drift.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { lineDiff } from './line-diff.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { type ReadFile, readFolder, readRunbook } from './read-runbooks.ts'
import { styleFor } from './style.ts'

export interface DriftOptions {
  readonly json?: true
  readonly diff?: true
  readonly strict?: true
}

interface Drifted {
  readonly file: ReadFile
  readonly drift: RunbookDrift
}

/** `baton drift`: where runbooks and what was last done by them go apart. */
export async function drift(folder: string, options: DriftOptions, line: CommandLine): Promise<ExitCode> {
  const { t, out, err, now } = line
  const path = resolve(line.cwd, folder)
  const root = await line.records.rootOf(path)
  const runs = await runsByRunbook(root, line)
  const found: Drifted[] = []
  let count = 0
  for await (const file of filesOf(folder, path, line)) {
    if (file.runbook.kind !== 'runbook') continue
    count += 1
    const key = relative(root, file.path).split(sep).join('/').normalize('NFC')
    const drifted = driftOf(file.runbook, sourceHashes(file.text), runs.get(key) ?? [], now())
    if (drifted) found.push({ file, drift: drifted })
  }
  if (options.json) out.write(`${JSON.stringify(found.map(jsonOf), null, 2)}\n`)
  else if (found.length > 0) for (const one of found) await print(one, root, options, line)
  else if (count === 0)
    err.write(`${t('There is no runbook here. A Markdown file with one ```sh block is one already.')}\n`)
  else out.write(`✓ ${t('Every runbook here is what was last run, and on time.')}\n`)
  return options.strict && found.length > 0 ? exitCodes.failed : exitCodes.fine
}

/** Newest first, by the path of the runbook relative to the root. */
async function runsByRunbook(root: string, line: CommandLine): Promise<ReadonlyMap<string, readonly ReadableRun[]>> {
  const runs = (await line.records.list(root)).filter((run) => run.outcome !== 'unreadable')
  return Map.groupBy(runs, ({ runbook }) => runbook.path.normalize('NFC'))
}

async function* filesOf(name: string, path: string, line: CommandLine): AsyncIterable<ReadFile> {
  if ((await line.files.kindOf(path)) === 'file') yield await readRunbook(name, line)
  else yield* readFolder(path, line)
}

async function print({ file, drift: drifted }: Drifted, root: string, { diff }: DriftOptions, line: CommandLine) {
  const { t, locale, out, now } = line
  const style = styleFor(out)
  const { shown, path, runbook } = file
  out.write(`${style.strong(plain(shown))}  ${plain(runbook.title || basename(path))}\n`)
  for (const sentence of driftSentences(drifted, t, locale, now())) out.write(`  ${style.notice(plain(sentence))}\n`)
  if (!diff) return
  const texts = new Map(runbook.steps.map((step) => [step.id, textOf(step)]))
  for (const step of [...drifted.changed, ...drifted.gone]) {
    out.write(`\n  ${style.strong(`#${plain(step.stepId)}`)}  ${style.quiet(plain(step.record))}\n`)
    const before = await ranText(step, root, line)
    for (const text of lineDiff(before, texts.get(step.stepId) ?? '', style, [])) out.write(`    ${text}\n`)
  }
  out.write('\n')
  await out.drained()
}

/** What a step said when it ran last. */
async function ranText({ record, stepId }: StepDrift, root: string, { records }: CommandLine): Promise<string> {
  const { steps } = await records.read(root, record)
  return steps.findLast(({ id }) => id === stepId)?.text ?? ''
}

function jsonOf({ file, drift: { overdue, isNeverRun, isEdited, changed, gone } }: Drifted) {
  const step = ({ stepId, title, time, record }: StepDrift) => {
    return { id: stepId, title, lastRun: new Date(time).toISOString(), record }
  }
  return {
    path: file.shown,
    title: file.runbook.title || basename(file.path),
    neverRun: isNeverRun,
    edited: isEdited,
    changed: changed.map(step),
    gone: gone.map(step),
    ...(overdue && {
      overdue: {
        schedule: overdue.schedule,
        ...(overdue.last !== undefined && { lastRun: new Date(overdue.last).toISOString() }),
      },
    }),
  }
}
