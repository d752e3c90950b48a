import { join, relative, sep } from 'node:path'
import { type CommitReport, commitRecords } from '../record/commit.ts'
import { taintedLines } from '../secrets/credentials/tainted-lines.ts'
import { commitMessage, commitSentences } from '../wording/record-commit.ts'
import type { CarryOutOptions } from './carry-out.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { styleFor } from './style.ts'
import { typedKey } from './typed-key.ts'

/** `baton runs commit`: commits every finished record that is in no commit yet, by itself. */
export async function commitAllRecords(line: CommandLine): Promise<ExitCode> {
  const root = await line.records.rootOf(line.cwd)
  const report = await commit(root, undefined, line)
  tell(report, line)
  if (report.result.kind === 'refused') return exitCodes.unable
  return report.tainted.length + report.unsound.length > 0 ? exitCodes.failed : exitCodes.fine
}

export interface CommitOptions {
  /** Said on the command line; what `baton.yaml` says counts where it is missing. */
  readonly commit?: boolean
  readonly json?: true
}

/**
 * Carries out a command and commits the records that it left, where its user or the repo wants that. Whether that worked is no
 * matter of the command.
 */
export async function thenCommit<Options extends CommitOptions>(
  command: (options: Options & CarryOutOptions) => Promise<ExitCode>,
  options: Options,
  line: CommandLine,
): Promise<ExitCode> {
  const made = new Map<string, Set<string>>()
  const recorded: Promise<void>[] = []
  const onRecord = (path: string) => void recorded.push(keep(path))
  async function keep(path: string): Promise<void> {
    const root = await line.records.rootOf(path)
    const paths = made.get(root) ?? new Set()
    made.set(root, paths.add(relative(root, path).split(sep).join('/')))
  }
  try {
    return await command({ ...options, onRecord })
  } finally {
    await Promise.all(recorded)
    for (const [root, paths] of made)
      if (await isWanted(root, options, line)) tell(await commit(root, paths, line), line)
  }
}

async function isWanted(root: string, options: CommitOptions, line: CommandLine): Promise<boolean> {
  if (options.commit !== undefined) return options.commit
  if (!(await line.records.commits(root).isVersioned())) return false
  const wish = (await line.settingsOf(root)).settings.records.commit
  if (wish !== 'ask') return wish === 'always'
  // Nobody can be asked, or a program reads the output.
  if (line.prompt === undefined || options.json) return false
  const typed = await line.prompt.line(
    styleFor(line.err).notice(`${line.t('Commit the record? y: commit it · Enter: leave it')} `),
  )
  return /^y(?:es)?$/.test(typedKey(typed ?? ''))
}

function commit(root: string, only: ReadonlySet<string> | undefined, line: CommandLine): Promise<CommitReport> {
  const ports = {
    ...line.records.commits(root),
    message: commitMessage,
    taintedLines: async ({ path }: { readonly path: string }) => {
      const tainted = await taintedLines(join(root, path), () => runbookOf(root, path, line), line.credentials)
      return tainted.map(({ line: at }) => at + 1)
    },
  }
  return commitRecords(ports, only)
}

/** The text of the runbook of a record: it says what is no secret. */
export async function runbookOf(
  root: string,
  path: string,
  { records, files }: CommandLine,
): Promise<string | undefined> {
  const { run } = await records.read(root, path)
  const read = run === undefined ? undefined : await files.read(join(root, run.runbook.path))
  return read?.kind === 'text' ? read.text : undefined
}

function tell(report: CommitReport, line: CommandLine): void {
  const style = styleFor(line.err)
  const paint = report.result.kind === 'refused' ? style.notice : style.quiet
  for (const sentence of commitSentences(report, line.t, line.locale)) {
    line.err.write(`${paint(sentence.split('\n').map(plain).join('\n'))}\n`)
  }
}
