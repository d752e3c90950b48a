import { approvedCommand, approvedContent } from '../execution/approval.ts'
import type { Selection } from '../execution/event.ts'
import { reachableSteps } from '../execution/flow.ts'
import type { ExecutionProblem } from '../execution/problem.ts'
import type { RunSite } from '../execution/run-site.ts'
import { neededCommands } from '../execution/secret-command.ts'
import type { CommandStep } from '../runbook/runbook.ts'
import { abandonedSentences } from '../wording/abandoned.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import type { ReadFile } from './read-runbooks.ts'
import { givenSecret } from './run-secrets.ts'
import { UsageError } from './usage-error.ts'

export interface PartToRun {
  readonly file: ReadFile
  readonly selection: Selection
}

interface AttendanceOptions {
  readonly yes?: true
  readonly json?: true
}

/** Said before anything ran, so that a schedule that forgot `--yes` does not stop halfway. */
export function refuseUnattended(parts: readonly PartToRun[], options: AttendanceOptions, line: CommandLine): void {
  const { t } = line
  // Nothing is undone where nobody says so.
  const commands = line.prompt === undefined ? parts.flatMap(withoutUndoing) : commandsOf(parts)
  const interactive = commands.find(({ attributes }) => attributes.interactive)
  if (interactive !== undefined && (line.keyboard === undefined || options.json)) {
    const title = plain(interactive.title)
    throw new UsageError(t('Step “{0}” is interactive: it needs a terminal for itself. Run it in one.', title))
  }
  if (options.yes || line.prompt !== undefined) return
  const asking = commands.find(({ attributes }) => attributes.confirm)
  if (asking !== undefined) {
    throw new UsageError(
      t('Step “{0}” asks before it runs, and nobody is here to answer. Use --yes to allow it.', plain(asking.title)),
    )
  }
}

/** Why texts that are new here cannot run, where nobody can look at them. */
export async function missingApproval(
  parts: readonly PartToRun[],
  options: AttendanceOptions,
  line: CommandLine,
): Promise<ExecutionProblem | undefined> {
  if (options.yes || line.prompt !== undefined) return undefined
  const unknown: CommandStep[] = []
  for (const step of commandsOf(parts)) {
    const { approved } = await line.runs.approvals.find('', approvedContent(step))
    if (!approved) unknown.push(step)
  }
  const [first] = unknown
  if (first === undefined) return missingCommand(parts, line)
  return { code: 'approval-needed', values: { step: first.title, steps: String(unknown.length) } }
}

async function missingCommand(parts: readonly PartToRun[], line: CommandLine): Promise<ExecutionProblem | undefined> {
  for (const part of parts) {
    for (const { name, command } of neededCommands(commandsOf([part]), part.file.runbook.frontmatter.secrets)) {
      if ((await givenSecret(name, line)) !== undefined) continue
      const { approved } = await line.runs.approvals.find('', approvedCommand({ name, command }))
      if (!approved) return { code: 'secret-command-unapproved', values: { name, command } }
    }
  }
  return undefined
}

function withoutUndoing(part: PartToRun): readonly CommandStep[] {
  const commands = commandsOf([part])
  const undoing = new Set(commands.map(({ attributes }) => attributes.undo))
  const asked = part.selection.kind === 'step' || part.selection.kind === 'from' ? part.selection.stepId : undefined
  return commands.filter(({ id }) => !undoing.has(id) || id === asked)
}

function commandsOf(parts: readonly PartToRun[]): readonly CommandStep[] {
  return parts.flatMap(({ file, selection }) =>
    reachableSteps(file.runbook, selection)
      .filter((step): step is CommandStep => step.kind === 'command')
      .filter(({ attributes }) => !attributes.skip),
  )
}

/** The state of the repo that a person should hear of, and that is put in order before a run. */
export async function prepareSite(site: RunSite, line: CommandLine): Promise<void> {
  const { t, err } = line
  if (!site.isRepository) {
    err.write(`${t('This folder is not in a git repository: the record is kept here, but nothing versions it.')}\n`)
  }
  await closeAbandoned(site.root, line)
}

/** Closes what crashes left open, and says so. */
export async function closeAbandoned(root: string, { t, err, locale, records, now }: CommandLine): Promise<void> {
  const closed = await records.closeAbandoned(root)
  for (const sentence of abandonedSentences(closed, now(), t, locale)) err.write(`${plain(sentence)}\n`)
}
