import type { Counts, Failure, Skipped } from './counting-reporter.ts'

/** What one command of a layer came to. `problem` says why it ended badly, where that is no test's doing. */
export type Result = Omit<Counts, 'complete' | 'passedIn'> & {
  readonly title: string
  readonly seconds: number
  readonly problem?: string | undefined
}

/**
 * What is printed when all layers are over, the most important last: what was skipped, a line for each reason; what passed
 * only at a later try; what failed; a table of the layers; and one line that counts all.
 */
export function closingLines(results: readonly Result[]): readonly string[] {
  const sum = (of: (result: Result) => number) => results.reduce((total, result) => total + of(result), 0)
  const failed = sum((result) => result.failed)
  const skipped = sum((result) => result.skipped.length)
  return [
    ...section(results.flatMap((result) => skippedLines(result.title, result.skipped))),
    ...section(
      results.flatMap(({ title, retried }) => failureLines(`passed only when tried again in ${title}`, retried)),
    ),
    ...section(results.flatMap(({ title, failures }) => failureLines(`FAILED in ${title}`, failures))),
    ...section(results.map(row)),
    '',
    `${sum((result) => result.passed)} passed, ${failed} failed, ${skipped} skipped`,
  ]
}

function section(lines: readonly string[]): readonly string[] {
  return lines.length > 0 ? ['', ...lines] : []
}

function skippedLines(layer: string, skipped: readonly Skipped[]): readonly string[] {
  const byReason = Map.groupBy(skipped, ({ reason }) => reason)
  return [...byReason].map(([reason, tests]) => {
    const count = tests.length === 1 ? '1 test' : `${tests.length} tests`
    return `skipped in ${layer}, ${count} of ${someOf(tests)}: ${reason || 'no reason was given'}`
  })
}

/** The suites that tests are in, those with the most of them first; of many suites, a few. */
function someOf(tests: readonly Skipped[]): string {
  const suites = [...Map.groupBy(tests, ({ suite }) => suite)].sort(([, a], [, b]) => b.length - a.length)
  const named = suites.slice(0, suites.length > 4 ? 3 : 4).map(([suite]) => `“${suite}”`)
  const more = suites.length - named.length
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ')
}

function failureLines(what: string, failures: readonly Failure[]): readonly string[] {
  return failures.flatMap(({ title, error, place }) => [
    `${what}: ${title}`,
    `    ${error}${place ? ` (${place})` : ''}`,
  ])
}

function row({ title, passed, failed, skipped, seconds, problem }: Result): string {
  const columns = [passed, failed, skipped.length].map((count) => String(count).padStart(6)).join('')
  return `${title.padEnd(16)}${columns}${seconds.toFixed(1).padStart(9)} s${problem ? `  ${problem}` : ''}`
}
