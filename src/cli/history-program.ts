import type { Command } from 'commander'
import type { ExitCode } from './exit-codes.ts'
import type { CommandLine } from './ports.ts'
import { compareNamedRuns } from './runs-compare.ts'

/** What is looked up in runs that are on record, below `baton runs`. */
export function defineHistory(runs: Command, line: CommandLine, done: (code: ExitCode) => void): void {
  const { t } = line
  runs
    .command('compare')
    .description(t('compare two runs of a runbook, step by step: text, outcome, duration, output'))
    .argument('<run>', t('a record, its id or the beginning of it, or “latest”'))
    .argument('[other]', t('the run to hold against it; when left out, the first is held against the run before it'))
    .option('--json', t('print JSON'))
    .action(async (first: string, second: string | undefined, _: unknown, compare: Command) => {
      // `--json` is an option of `runs` as well, which takes it wherever it stands.
      done(await compareNamedRuns(first, second, compare.optsWithGlobals<{ json?: true }>(), line))
    })
}
