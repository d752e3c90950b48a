import type { Command } from 'commander'
import { parseAge } from '../runbook/duration.ts'
import type { Translate } from '../wording/translate.ts'
import { bytesOf } from './byte-option.ts'
import { commitAllRecords } from './commit-records.ts'
import type { ExitCode } from './exit-codes.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { type PruneOptions, pruneRuns } from './runs-prune.ts'
import { UsageError } from './usage-error.ts'

/** What is done with records that are there, below `baton runs`. */
export function defineRecordKeeping(runs: Command, line: CommandLine, done: (code: ExitCode) => void): void {
  const { t } = line
  runs
    .command('commit')
    .description(t('commit the records that are in no commit yet, by themselves'))
    .action(async () => done(await commitAllRecords(line)))

  runs
    .command('prune')
    .description(t('take old output out of records; hashes stay, so that they still verify, and it is put on record'))
    .option('--older-than <age>', t('output of runs that are older, such as 180d or 26w'), (text) => ageOf(text, t))
    .option(
      '--keep-size <size>',
      t('the oldest output, until all records take no more than this, such as 500MB'),
      (text) => bytesOf('--keep-size', text, t),
    )
    .option('--unanchored', t('also where a record is neither signed nor pushed'))
    .option('--dry-run', t('show what would go, and change nothing'))
    .option('-y, --yes', t('do not ask'))
    .option('--json', t('print JSON'))
    .action(async (_: PruneOptions, prune: Command) => {
      // `--json` is an option of `runs` as well, which takes it wherever it stands.
      done(await pruneRuns(prune.optsWithGlobals<PruneOptions>(), line))
    })
}

function ageOf(text: string, t: Translate): number {
  const age = parseAge(text)
  if (age === undefined)
    throw new UsageError(t('{0} takes an age, such as 180d or 26w, not “{1}”.', '--older-than', plain(text)))
  return age
}
