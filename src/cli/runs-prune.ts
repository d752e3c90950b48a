import type { PruningPlan, PruningWish } from '../record/pruning.ts'
import { formatBytes } from '../wording/byte-sizes.ts'
import { formatDateTime } from '../wording/dates.ts'
import { pruningLeftOut, pruningSentences, pruningTotal } from '../wording/pruning.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { styleFor } from './style.ts'
import { UsageError } from './usage-error.ts'

export interface PruneOptions {
  /** Milliseconds. */
  readonly olderThan?: number
  /** Bytes. */
  readonly keepSize?: number
  readonly unanchored?: true
  readonly dryRun?: true
  readonly yes?: true
  readonly json?: true
}

/** `baton runs prune`: takes old output out of records, keeps its hashes, and puts on record what went. */
export async function pruneRuns(options: PruneOptions, line: CommandLine): Promise<ExitCode> {
  const { t, locale, err } = line
  const root = await line.records.rootOf(line.cwd)
  const pruner = line.records.pruner(root)
  const plan = await pruner.plan(await wishOf(root, options, line))
  show(plan, options, line)
  for (const sentence of pruningLeftOut(plan, t, locale)) err.write(`${styleFor(err).notice(sentence)}\n`)
  if (plan.unanchored.length > 0) err.write(`${styleFor(err).quiet(t('--unanchored takes those as well.'))}\n`)
  const isNothing = plan.planned.length + plan.unfinished.length === 0
  if (isNothing) err.write(`${t('There is nothing to prune.')}\n`)
  if (isNothing || options.dryRun) return exitCodes.fine
  if (line.prompt !== undefined && !options.yes) {
    const typed = await line.prompt.line(styleFor(err).notice(`  ${t('Enter: prune · Ctrl+C: stop')} `))
    if (typed === undefined) return exitCodes.cancelled
  }
  const result = await pruner.prune(plan)
  for (const sentence of pruningSentences(result, t, locale)) err.write(`${plain(sentence)}\n`)
  return result.kind === 'pruned' && result.failed.length === 0 ? exitCodes.fine : exitCodes.unable
}

/** What the command line says, else what `baton.yaml` does. */
async function wishOf(root: string, options: PruneOptions, line: CommandLine): Promise<PruningWish> {
  const isSaid = options.olderThan !== undefined || options.keepSize !== undefined
  const { age, size } = isSaid
    ? { age: options.olderThan, size: options.keepSize }
    : (await line.settingsOf(root)).settings.records.keep
  if (age === undefined && size === undefined) {
    throw new UsageError(
      line.t('Say what is to go: --older-than 180d or --keep-size 500MB, or set records.keep in baton.yaml.'),
    )
  }
  return {
    ...(age !== undefined && { before: line.now() - age }),
    ...(size !== undefined && { size }),
    unanchored: options.unanchored === true,
  }
}

function show(plan: PruningPlan, options: PruneOptions, line: CommandLine): void {
  const { t, locale, out } = line
  const all = [...plan.unfinished, ...plan.planned]
  if (options.json) {
    const json = all.map(({ run, becomes, freed }) => ({ path: run.path, ...becomes, freed }))
    out.write(`${JSON.stringify({ pruned: json, unanchored: plan.unanchored, unsound: plan.unsound }, null, 2)}\n`)
    return
  }
  const style = styleFor(out)
  for (const { run, becomes } of all) {
    const title = plain(run.runbook.title || run.runbook.path)
    const size = formatBytes(becomes.bytes, locale)
    out.write(`${formatDateTime(run.startedAt, line.now(), locale)}  ${title}  ${size}\n`)
    out.write(`  ${style.quiet(plain(run.path))}\n`)
  }
  if (all.length > 0) out.write(`${style.strong(t('Together: {0}', pruningTotal(plan, t, locale)))}\n`)
}
