import { join } from 'node:path'
import type { PrerequisiteState } from '../execution/event.ts'
import type { ExecutionProblem } from '../execution/problem.ts'
import type { RunSite } from '../execution/run-site.ts'
import { checkPrerequisites, linkedRunbook, type PrerequisiteCheck } from '../record/prerequisites.ts'
import { formatAge } from '../wording/durations.ts'
import type { PartToRun } from './before-a-run.ts'
import { type CarryOutOptions, carryOut } from './carry-out.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { type ReadFile, readLinked } from './read-runbooks.ts'
import { displayOf } from './run-display.ts'
import { type ParameterValues, parametersOfRun } from './run-parameters.ts'
import { secretsOfRun } from './run-secrets.ts'
import { styleFor } from './style.ts'

/** What a runbook needs to be done before it. */
export interface Prerequisites {
  /** In the order in which they run. */
  readonly checks: readonly PrerequisiteCheck[]
  /** Those that are due, by path. */
  readonly files: ReadonlyMap<string, ReadFile>
}

export async function prerequisitesOf(file: ReadFile, site: RunSite, line: CommandLine): Promise<Prerequisites> {
  const files = new Map<string, ReadFile>([[site.path, file]])
  const read = async (path: string) => {
    const found = files.get(path) ?? (await readLinked(join(site.root, path), line))
    if (found === undefined) return undefined
    files.set(path, found)
    const links = found.runbook.prerequisites.map(({ target }) => linkedRunbook(path, target))
    return { runbook: found.runbook, prerequisites: links.filter((link) => link !== undefined) }
  }
  if (file.runbook.prerequisites.length === 0) return { checks: [], files }
  const checks = await checkPrerequisites(site.path, read, await line.records.list(site.root), line.now())
  // What is only to be read has nothing that could be due.
  const isToRead = (path: string) => (files.get(path)?.runbook.kind ?? 'runbook') !== 'runbook'
  return { checks: checks.filter(({ path }) => !isToRead(path)), files }
}

/** Those that run first, as parts to run. */
export function dueParts(
  { checks, files }: Prerequisites,
  options: Pick<PrerequisiteOptions, 'skipPrerequisites'>,
): readonly PartToRun[] {
  if (options.skipPrerequisites) return []
  const due = checks.flatMap(({ kind, path }) => (kind === 'due' ? (files.get(path) ?? []) : []))
  return due.map((file) => ({ file, selection: { kind: 'runbook' } }))
}

/** The first thing that keeps them from being carried out. */
export function problemOfPrerequisites(
  { checks }: Prerequisites,
  options: Pick<PrerequisiteOptions, 'skipPrerequisites'>,
): ExecutionProblem | undefined {
  if (options.skipPrerequisites) return undefined
  for (const { kind, path } of checks) {
    if (kind === 'missing') return { code: 'prerequisite-missing', values: { path } }
    if (kind === 'circular') return { code: 'prerequisite-circular', values: { path } }
  }
  return undefined
}

/** One line for each: done, due, or what is wrong with it. */
export function prerequisiteLines({ checks }: Prerequisites, line: CommandLine): readonly string[] {
  return checks.map((check) => prerequisiteLine(check, line))
}

function prerequisiteLine(check: PrerequisiteCheck, { t, locale, err, now }: CommandLine): string {
  const style = styleFor(err)
  switch (check.kind) {
    case 'done':
      return `${style.good('✓')} ${t('Done before: {0} ({1})', plain(check.title), formatAge(check.time, now(), t, locale))}`
    case 'due': {
      const names = check.title === check.path ? [check.path] : [check.title, check.path]
      return `${style.notice('○')} ${t('Runs first: {0}', names.map(plain).join(' · '))}`
    }
    case 'missing':
      return `${style.bad('✗')} ${t('The prerequisite {0} was not found.', plain(check.path))}`
    case 'circular': {
      const way = check.through.map(plain).join(' → ')
      return `${style.bad('✗')} ${t('Each of these is needed before the next: {0}', way)}`
    }
  }
}

/** Their state when the operator goes on without those that are due. */
function waived({ checks }: Prerequisites): readonly PrerequisiteState[] {
  return checks.map(
    (check): PrerequisiteState =>
      check.kind === 'done'
        ? { path: check.path, state: 'done', run: check.run }
        : { path: check.path, state: 'waived' },
  )
}

export interface PrerequisiteOptions extends CarryOutOptions {
  readonly json?: true
  readonly skipPrerequisites?: true
}

/**
 * Says which are done already, and carries out those that are due, each as a run of its own. Values that the runbook was given go to parameters of the same
 * name.
 */
export async function runPrerequisites(
  { checks, files }: Prerequisites,
  given: ParameterValues,
  options: PrerequisiteOptions,
  line: CommandLine,
): Promise<readonly PrerequisiteState[] | ExecutionProblem> {
  if (options.skipPrerequisites) return waived({ checks, files })
  for (const text of prerequisiteLines({ checks, files }, line)) line.err.write(`${text}\n`)
  const states: PrerequisiteState[] = []
  for (const check of checks) {
    const { path } = check
    const file = files.get(path)
    if (check.kind === 'done') states.push({ path, state: 'done', run: check.run })
    if (check.kind !== 'due' || file === undefined) continue
    const { parameters: declarations, secrets } = file.runbook.frontmatter
    const known = new Set(declarations.map(({ name }) => name))
    const own = Object.fromEntries(Object.entries(given).filter(([name]) => known.has(name)))
    if (!options.json)
      line.out.write(`${styleFor(line.out).strong(`${line.t('Runs first: {0}', plain(check.title))}`)}\n`)
    const { id, outcome, problem } = await carryOut(
      {
        file,
        selection: { kind: 'runbook' },
        site: await line.runs.siteOf(file.path),
        parameters: await parametersOfRun(declarations, own, options.yes === true, line),
        secrets: secretsOfRun(secrets, line),
        display: displayOf(file, options, line),
      },
      options,
      line,
    )
    if (problem !== undefined) return problem
    if (outcome === 'cancelled') return { code: 'withdrawn', values: {} }
    if (outcome !== 'succeeded' && outcome !== 'skipped') return { code: 'prerequisite-failed', values: { path } }
    states.push({ path, state: 'ran', run: id })
  }
  return states
}
