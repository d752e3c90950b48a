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

/** What `<file>[#step]` means: read afresh, so that what runs is what the file says now. */
export async function targetOf(argument: string, line: CommandLine): Promise<Target> {
  const { name, part } = await split(argument, line)
  const file = await readRunbook(name, line)
  refuseBroken(file, line)
  if (file.runbook.kind !== 'runbook') {
    throw new UsageError(`${plain(name)}: ${line.t('This file has no step that could run.')}`)
  }
  return { file, selection: part === undefined ? { kind: 'runbook' } : selectionOf(part, file.runbook, line) }
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
  const broken = runbook.problems.find(
    ({ code, severity }) => severity === 'error' && /^(frontmatter|parameter|secret|file)-/.test(code),
  )
  if (broken === undefined) return
  const place = `${plain(shown)}:${broken.range.start.line + 1}:${broken.range.start.character + 1}`
  throw new UsageError(`${place} ${plain(runbookProblemSentence(broken, t))}`)
}

function selectionOf(part: string, runbook: Runbook, { t }: CommandLine): Selection {
  // macOS hands over file names, and what is completed from them, in NFD.
  const same = (id: string) => id.normalize('NFC') === part.normalize('NFC')
  const step = runbook.steps.find(({ id }) => same(id))
  if (step) return { kind: 'step', stepId: step.id }
  const procedure = allOf(runbook.procedures).find(({ id }) => same(id))
  if (procedure) return { kind: 'procedure', procedureId: procedure.id }
  const known = runbook.steps.slice(0, 10).map(({ id }) => `#${plain(id)}`)
  const more = runbook.steps.length > known.length ? ' …' : ''
  throw new UsageError(t('This runbook has no step #{0}. It has: {1}', plain(part), `${known.join(' ')}${more}`))
}

function allOf(procedures: readonly Procedure[]): readonly Procedure[] {
  return procedures.flatMap((procedure) => [procedure, ...allOf(procedure.procedures)])
}
