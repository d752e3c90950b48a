import { Command, CommanderError, Option } from 'commander'
import type { Translate } from '../wording/translate.ts'
import { type BatchOptions, batch } from './batch.ts'
import { bytesOf } from './byte-option.ts'
import { check } from './check.ts'
import { type CommitOptions, thenCommit } from './commit-records.ts'
import { type DriftOptions, drift } from './drift.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { type FollowOptions, follow } from './follow.ts'
import { aboutRun, epilogue, heading, usageSentence } from './help.ts'
import { defineHistory } from './history-program.ts'
import { list } from './list.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { defineRecordKeeping } from './record-keeping-program.ts'
import { type RunOptions, run } from './run.ts'
import { type RunsOptions, runs } from './runs.ts'
import { addRunFilters } from './runs-filter.ts'
import { type NoteOptions, noteRun } from './runs-note.ts'
import { type ShowOptions, showRun } from './runs-show.ts'
import { defineSecrets } from './secrets-program.ts'
import { type SignOffOptions, signOff } from './sign-off.ts'
import { UsageError } from './usage-error.ts'
import { type VerifyOptions, verify } from './verify.ts'

/** Runs that `baton runs` shows unless told otherwise: about a screen. */
const shownRuns = 20

/**
 * The whole command line.
 * @param words what stands behind the program's name
 */
export async function main(words: readonly string[], line: CommandLine): Promise<number> {
  let code: ExitCode = exitCodes.fine
  const program = define(line, (result) => {
    code = result
  })
  try {
    await program.parseAsync(words, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof UsageError) {
      line.err.write(`${error.message}\n`)
      return error.exitCode
    }
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return exitCodes.fine
    const sentence = usageSentence(error, line.t)
    if (sentence !== '') line.err.write(`${sentence}\n${line.t('Help: baton --help')}\n`)
    return exitCodes.usage
  }
}

function define(line: CommandLine, done: (code: ExitCode) => void): Command {
  const { t } = line
  const program = new Command('baton')
    .description(t('Runs the Markdown runbooks of a repository and keeps a record of every run.'))
    .version(line.version, '-V, --version', t('print the version'))
    .helpOption('-h, --help', t('print this help'))
    .helpCommand('help [command]', t('print the help of a command'))
    .exitOverride()
    .configureHelp({
      styleTitle: (title) => heading(title, t),
      // Without commander's own "(default: …)", which is English: the texts say what is left out.
      optionDescription: ({ description }) => description,
      argumentDescription: ({ description }) => description,
    })
    .configureOutput({
      writeOut: (text) => line.out.write(text),
      writeErr: (text) => line.err.write(text),
      // Said in the user's language at the boundary instead.
      outputError: () => undefined,
    })
    .addHelpText('after', () => `\n${epilogue(t)}`)

  program
    .command('list')
    .description(t('list the runbooks of a folder, with their steps'))
    .argument('[folder]', t('where to look; the current folder when left out'), '.')
    .option('--json', t('print JSON'))
    .action(async (folder: string, options: { json?: true }) => done(await list(folder, options, line)))

  program
    .command('check')
    .description(t('report the problems in runbooks as file:line:column'))
    .argument('[files...]', t('files and folders; the current folder when left out'))
    .option('--json', t('print JSON'))
    .action(async (files: string[], options: { json?: true }) => done(await check(files, options, line)))

  program
    .command('run')
    .description(t('carry out a runbook, or one step or procedure of it, and record it'))
    .argument('[file[#step]]', t('a Markdown file, and behind # the name of a step or a procedure'))
    .option('-p, --param <name=value>', t('the value of a parameter; may be given several times'), collect)
    .option('-y, --yes', t('let new texts and steps that ask run, and take defaults; the record says so'))
    .option('--dry-run', t('show what would run, and run nothing'))
    .option('--from <step>', t('run from this step to the end'))
    .option('--resume <record>', t('go on with a run that failed or was cut off: its record, or its id'))
    .option('--follow <record>', t('the run that this one follows: its record, or its id; the new record says so'))
    .option('--skip-prerequisites', t('run without what has to be done before'))
    .addOption(outputLimit(t))
    .option('--commit', t('commit the record afterwards, whatever baton.yaml says'))
    .option('--no-commit', t('do not commit the record, whatever baton.yaml says'))
    .option('--json', t('print the events of the run as JSON, one a line'))
    .addHelpText('after', () => `\n${aboutRun(t)}`)
    .action(async (target: string | undefined, options: RunOptions & CommitOptions) =>
      done(await thenCommit((all) => run(target, all, line), options, line)),
    )

  program
    .command('batch')
    .description(t('carry out a runbook once for each row of a table'))
    .argument('<file>', t('a Markdown file'))
    .argument('<table>', t('a CSV file whose first line names parameters, by name or label'))
    .option('-p, --param <name=value>', t('the same value for every row; may be given several times'), collect)
    .option('-y, --yes', t('let new texts and steps that ask run; the records say so'))
    .option('--continue', t('go on with the next row after a failure'))
    .option('--stop', t('stop at the first row that fails; this is what happens when left out'))
    .option('--resume <batch>', t('only the rows of this batch that failed or never ran'))
    .option('--dry-run', t('look at the table, and run nothing'))
    .option('--skip-prerequisites', t('run without what has to be done before'))
    .addOption(outputLimit(t))
    .option('--commit', t('commit the records afterwards, whatever baton.yaml says'))
    .option('--no-commit', t('do not commit the records, whatever baton.yaml says'))
    .option('--json', t('print the events of the runs as JSON, one a line, and the summary last'))
    .action(async (file: string, table: string, options: BatchOptions & CommitOptions & { stop?: true }) => {
      if (options.continue && options.stop) throw new UsageError(t('--continue and --stop exclude one another.'))
      done(await thenCommit((all) => batch(file, table, all, line), options, line))
    })

  program
    .command('follow')
    .description(t('carry out a runbook beside the run of a predecessor, step by step, and compare'))
    .argument('<record>', t('the run to follow: its record, or its id'))
    .option('--watch', t('only show what was done there, and run nothing'))
    .option('-p, --param <name=value>', t('the value of a parameter; may be given several times'), collect)
    .option('-y, --yes', t('let new texts and steps that ask run, and take defaults; the record says so'))
    .option('--skip-prerequisites', t('run without what has to be done before'))
    .addOption(outputLimit(t))
    .action(async (record: string, options: FollowOptions) =>
      done(await thenCommit((all) => follow(record, all, line), options, line)),
    )

  const listed = addRunFilters(program.command('runs'), t)
    // Options behind a command of its own are that command's.
    .enablePositionalOptions()
    .description(t('list the recorded runs of this repository, newest first'))
    .option('--json', t('print JSON'))
    .option(
      '-n, --limit <number>',
      t('how many at most; {0} when left out', shownRuns),
      (text) => wholeNumber('--limit', text, t),
      shownRuns,
    )
    .action(async (options: RunsOptions) => done(await runs(options, line)))

  listed
    .command('note')
    .description(t('write a note to a run that is over, for whoever comes next; it is a record of its own'))
    .argument('<run>', t('a record, or its id'))
    .argument('[text...]', t('the note; asked for when left out, or - for the standard input'))
    .option('--step <id>', t('the step that the note is about; the whole run when left out'))
    .option('-y, --yes', t('keep it even where it seems to hold a credential'))
    .action(async (named: string, words: string[], options: NoteOptions) =>
      done(await noteRun(named, words, options, line)),
    )

  listed
    .command('sign-off')
    .description(t('put on record how you came through a run that you followed, or only watched'))
    .argument('<record>', t('your run, or the one that you watched: its record, or its id'))
    .requiredOption('--mastery <how>', t('watched, practised (with somebody) or performed (alone)'))
    .option('--with <name>', t('who was with you'))
    .option('--note <text>', t('what else there is to say'))
    .action(async (record: string, options: SignOffOptions) => done(await signOff(record, options, line)))

  listed
    .command('show')
    .description(t('show one record: its steps, what they printed in the end, notes, outcome'))
    .argument('<run>', t('a record, its id or the beginning of it, or “latest”'))
    .option('--json', t('print JSON'))
    .option(
      '--cast [file]',
      t('write an asciicast, which the asciinema tool plays; to the standard output without a file'),
    )
    .option('--cast-version <number>', t('3, or 2 for an asciinema tool before version 3; 3 when left out'))
    .action(async (named: string, _: ShowOptions, show: Command) => {
      // `--json` is an option of `runs` as well, which takes it wherever it stands.
      done(await showRun(named, show.optsWithGlobals<ShowOptions>(), line))
    })

  defineHistory(listed, line, done)
  defineRecordKeeping(listed, line, done)

  program
    .command('verify')
    .description(t('check that records are what was written'))
    .argument('[records...]', t('files of records; all of this repository when left out'))
    .option('--strict', t('fail as well where a record is not anchored, or signed by an unknown key'))
    .option('--json', t('print JSON'))
    .action(async (records: string[], options: VerifyOptions) => done(await verify(records, options, line)))

  program
    .command('drift')
    .description(t('list the runbooks that are not what was last run, never ran, or are overdue'))
    .argument('[folder]', t('a folder or a file; the current folder when left out'), '.')
    .option('--diff', t('show what changed in each step'))
    .option('--strict', t('end with 1 where there is any'))
    .option('--json', t('print JSON'))
    .action(async (folder: string, options: DriftOptions) => done(await drift(folder, options, line)))

  defineSecrets(program, line, done)

  return program
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

/** The most of one step's output that a record holds. */
function outputLimit(t: Translate): Option {
  const text = t('how much of a step’s output the record holds, such as 64K or 10M; 1M when left out')
  return new Option('--output-limit <size>', text).argParser((size) => bytesOf('--output-limit', size, t))
}

function wholeNumber(option: string, text: string, t: Translate): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new UsageError(t('{0} takes a whole number from 1, not “{1}”.', option, plain(text)))
  return Number(text)
}
