import type { Command } from 'commander'
import { commitAllRecords } from './commit-records.ts'
import type { ExitCode } from './exit-codes.ts'
import type { CommandLine } from './ports.ts'

/** What is done with records that are there, below `baton runs`. */
export function defineRecordKeeping(runs: Command, line: CommandLine, done: (code: ExitCode) => void): void {
  const { t } = line
  runs
    .command('commit')
    .description(t('commit the records that are in no commit yet, by themselves'))
    .action(async () => done(await commitAllRecords(line)))
}
