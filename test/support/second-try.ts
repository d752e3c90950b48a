import type { Counts, Failure } from './counting-reporter.ts'

/** Files are tried once more when so few have a failure: where much is broken it is not chance. */
const mostFiles = 6

/**
 * The files to try once more, in a process of their own: those in which a test failed. A file of the workbench is one scenario,
 * so that a test that did not find what it waits for can only be tried again with all that came before it.
 */
export function filesToTryAgain({ failures, complete }: Pick<Counts, 'failures' | 'complete'>): readonly string[] {
  const files = [...new Set(failures.map(({ file }) => file))]
  const known = files.filter((file) => file !== undefined)
  return complete && known.length === files.length && files.length <= mostFiles ? known : []
}

/** Both tries together: of the files that were tried again, the second one counts; what failed in the first stays named. */
export function withSecondTry(first: Counts, second: Counts): Counts {
  const again = new Set(filesToTryAgain(first))
  const isKept = ({ file }: { readonly file?: string | undefined }) => file === undefined || !again.has(file)
  const failsStill = new Set(second.failures.map(({ title }) => title))
  const healed: readonly Failure[] = first.failures.filter(({ title }) => !failsStill.has(title))
  const passedIn = {
    ...Object.fromEntries(Object.entries(first.passedIn).filter(([file]) => !again.has(file))),
    ...second.passedIn,
  }
  return {
    passed: Object.values(passedIn).reduce((total, count) => total + count, 0),
    passedIn,
    failed: second.failed,
    skipped: [...first.skipped.filter(isKept), ...second.skipped],
    failures: second.failures,
    retried: [...first.retried.filter(isKept), ...healed, ...second.retried],
    complete: second.complete,
  }
}
