import { resolve } from 'node:path'
import type { Selection } from '../execution/event.ts'
import type { Procedure, Runbook } from '../runbook/runbook.ts'
import { runbookProblemSentence } from '../wording/runbook-problems.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { type ReadFile, readRunbook } from './read-runbooks.ts'
import { UsageError } from './usage-error.ts'

export interface Target {
  readonly file: ReadFile
  readonly selection: Selection
}

/**
 * What `<file>[#step]` means: read afresh, so that what runs is what the file says now.
 * @param from the step to go on from, to the end
 */
export async function targetOf(argument: string, from: string | undefined, line: CommandLine): Promise<Target> {
  const { name, part } = await split(argument, line)
  const file = await readToRun(name, line)
  if (part !== undefined && from !== undefined) {
    throw new UsageError(line.t('A part of a runbook was named twice: #{0} and --from {1}.', plain(part), plain(from)))
  }
  if (from !== undefined) return { file, selection: { kind: 'from', stepId: stepNamed(from, file.runbook, line) } }
  return { file, selection: part === undefined ? { kind: 'runbook' } : selectionOf(part, file.runbook, line) }
}

/** A runbook that can run, as far as its text says. */
export async function readToRun(name: string, line: CommandLine): Promise<ReadFile> {
  const file = await readRunbook(name, line)
  refuseBroken(file, line)
  if (file.runbook.kind === 'runbook') return file
  throw new UsageError(`${plain(name)}: ${line.t('This file has no step that could run.')}`)
}

/** File names may hold `#` too: a file that exists is meant. */
async function split(argument: string, line: CommandLine): Promise<{ name: string; part?: string }> {
  if ((await line.files.kindOf(resolve(line.cwd, argument))) === 'file') return { name: argument }
  const at = argument.lastIndexOf('#')
  return at < 0 ? { name: argument } : { name: argument.slice(0, at), part: argument.slice(at + 1) }
}

/**
 * Frontmatter that could not be understood may have said in which folder to run, what to ask for and what to keep secret:
 * without it the steps would not be what their author meant.
 */
function refuseBroken({ shown, runbook }: ReadFile, { t }: CommandLine): void {
  const broken = runbook.problems.filter(
    ({ code, severity }) => severity === 'error' && /^(yaml|frontmatter|parameter|secret|file)-/.test(code),
  )
  if (broken.length === 0) return
  const lines = broken.map((problem) => {
    const { line, character } = problem.range.start
    return `${plain(shown)}:${line + 1}:${character + 1} ${plain(runbookProblemSentence(problem, t))}`
  })
  throw new UsageError([...lines, t('Nothing was run.')].join('\n'))
}

function selectionOf(part: string, runbook: Runbook, line: CommandLine): Selection {
  const procedure = allOf(runbook.procedures).find(({ id }) => isSame(id, part))
  const isStep = runbook.steps.some(({ id }) => isSame(id, part))
  if (procedure && !isStep) return { kind: 'procedure', procedureId: procedure.id }
  return { kind: 'step', stepId: stepNamed(part, runbook, line) }
}

/** The id of a step, as the runbook writes it. */
export function stepNamed(name: string, runbook: Runbook, { t }: CommandLine): string {
  const step = runbook.steps.find(({ id }) => isSame(id, name.replace(/^#/, '')))
  if (step) return step.id
  const known = runbook.steps.slice(0, 10).map(({ id }) => `#${plain(id)}`)
  const more = runbook.steps.length > known.length ? ' …' : ''
  throw new UsageError(t('This runbook has no step #{0}. It has: {1}', plain(name), `${known.join(' ')}${more}`))
}

/** macOS hands over file names, and what is completed from them, in NFD. */
function isSame(id: string, typed: string): boolean {
  return id.normalize('NFC') === typed.normalize('NFC')
}

function allOf(procedures: readonly Procedure[]): readonly Procedure[] {
  return procedures.flatMap((procedure) => [procedure, ...allOf(procedure.procedures)])
}
