import type { Runbook } from '../runbook/runbook.ts'
import { periodOf } from './period.ts'
import type { ReadableRun, RunSummary } from './summary.ts'
import { lastWholeRun } from './whole-run.ts'

/** A runbook and what has to be done before it: paths relative to the root of the repo, with `/`, resolved. */
export interface RunbookNeeds {
  readonly runbook: Runbook
  readonly prerequisites: readonly string[]
}

/** What was found of one runbook that has to be done before. */
export type PrerequisiteCheck =
  /** A run that carried out all of it succeeded within its period. `time` is when it ended. */
  | {
      readonly kind: 'done'
      readonly path: string
      readonly title: string
      readonly run: string
      readonly time: number
    }
  /** It has to run first. `last` is when it succeeded as a whole the last time; missing where it never did. */
  | { readonly kind: 'due'; readonly path: string; readonly title: string; readonly last?: number }
  /** There is no runbook. */
  | { readonly kind: 'missing'; readonly path: string }
  /** It leads back to a runbook that it comes before. `through` begins and ends with it. */
  | { readonly kind: 'circular'; readonly path: string; readonly through: readonly string[] }

/**
 * Where a link of a runbook leads: relative to the root of the repo, with `/`; out of the repo it begins with `../`, and no
 * runbook is found there. Undefined where it leads to no Markdown file, such as to a web page.
 * @param from path of the runbook, relative to the root, with `/`
 * @param target as written in the link
 */
export function linkedRunbook(from: string, target: string): string | undefined {
  const path = target.replace(/[?#].*$/s, '')
  if (/^[a-z][a-z0-9+.-]*:/i.test(path) || !/\.(?:md|markdown)$/i.test(path)) return undefined
  const parts = path.startsWith('/') ? [] : from.split('/').slice(0, -1)
  for (const part of decoded(path).split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/**
 * What has to be done before `start`, in the order in which it would run: of each runbook its own prerequisites first, each
 * once. Below one that is done nothing is looked for: it had them when it ran.
 * @param start path of the runbook that is about to run
 * @param read undefined where there is no runbook at a path
 * @param runs in whatever order
 */
export async function checkPrerequisites(
  start: string,
  read: (path: string) => Promise<RunbookNeeds | undefined>,
  runs: readonly RunSummary[],
  now: number,
): Promise<readonly PrerequisiteCheck[]> {
  const byPath = Map.groupBy(runs.filter(isReadable), ({ runbook }) => runbook.path)
  const checks: PrerequisiteCheck[] = []
  const settled = new Set<string>()

  async function visit(path: string, above: readonly string[]): Promise<void> {
    if (above.includes(path)) {
      checks.push({ kind: 'circular', path, through: [...above.slice(above.indexOf(path)), path] })
      return
    }
    if (settled.has(path)) return
    settled.add(path)
    const found = path.startsWith('..') ? undefined : await read(path)
    if (found === undefined) {
      checks.push({ kind: 'missing', path })
      return
    }
    const { runbook, prerequisites } = found
    const title = runbook.title || path
    const last = lastWholeRun(runbook, byPath.get(path) ?? [])
    if (last !== undefined && now - last.time <= periodOf(runbook.frontmatter.schedule)) {
      checks.push({ kind: 'done', path, title, ...last })
      return
    }
    for (const next of prerequisites) await visit(next, [...above, path])
    checks.push({ kind: 'due', path, title, ...(last === undefined ? {} : { last: last.time }) })
  }

  for (const path of (await read(start))?.prerequisites ?? []) await visit(path, [start])
  return checks
}

function isReadable(run: RunSummary): run is ReadableRun {
  return run.outcome !== 'unreadable'
}
