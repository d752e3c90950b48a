import { writeFileSync } from 'node:fs'
import { format } from 'node:util'
import { reporters } from 'mocha'

/** What one mocha run came to. `reason` is what the test printed before it skipped itself. */
export type Counts = {
  readonly passed: number
  readonly failed: number
  readonly skipped: readonly { readonly title: string; readonly reason: string }[]
}

/** mocha's own `spec` output, and beside it the counts as JSON in the file that TEST_COUNTS_FILE names. */
export default class CountingReporter extends reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options)
    let passed = 0
    let failed = 0
    const skipped: { title: string; reason: string }[] = []

    // The reporter itself prints through a reference that mocha took before, so only the tests' own lines come by here.
    let printed: string[] = []
    for (const method of ['log', 'info', 'warn', 'error'] as const) {
      const print = console[method].bind(console)
      console[method] = (...values: unknown[]) => {
        printed.push(format(...values))
        print(...values)
      }
    }
    // Not at hooks: what a suite's `before` says is the reason of all that is in the suite, none of which begins.
    let begun = false
    runner.on('test', () => {
      begun = true
      printed = []
    })
    runner.on('test end', () => {
      if (begun) printed = []
      begun = false
    })

    runner.on('pass', () => passed++)
    runner.on('fail', () => failed++)
    runner.on('pending', (test) => {
      skipped.push({ title: test.fullTitle(), reason: printed.join(' ').trim() })
    })
    runner.on('end', () => {
      const counts: Counts = { passed, failed, skipped }
      const file = process.env.TEST_COUNTS_FILE
      if (file) writeFileSync(file, JSON.stringify(counts))
      endAtLast(failed)
    })
  }
}

/** How long what a test left open may keep the process once every test is over. */
const graceMs = 20_000

/** Ends a process that something keeps, and says what that is: the tests are over, and a layer that hangs says nothing. */
function endAtLast(failed: number): void {
  setTimeout(() => {
    console.error(`Every test is over, and the process was kept by: ${process.getActiveResourcesInfo().join(', ')}`)
    process.exit(failed > 0 ? 1 : 0)
  }, graceMs).unref()
}
