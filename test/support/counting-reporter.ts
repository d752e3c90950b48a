import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { format } from 'node:util'
import { reporters } from 'mocha'

/**
 * A test that failed, for good or at its first try. `error` is one line, `place` is `file:line` where that is known, `file` the
 * test's own, both relative to the project.
 */
export type Failure = {
  readonly title: string
  readonly error: string
  readonly place?: string | undefined
  readonly file?: string | undefined
}

/** A test that was skipped. `suite` is the outermost one that it is in, `reason` what it printed before. */
export type Skipped = {
  readonly title: string
  readonly suite: string
  readonly reason: string
  readonly file?: string | undefined
}

/** What one mocha run came to. */
export type Counts = {
  readonly passed: number
  /** By file, relative to the project. */
  readonly passedIn: Readonly<Record<string, number>>
  readonly failed: number
  readonly skipped: readonly Skipped[]
  readonly failures: readonly Failure[]
  /** What passed at a later try, with how the first one ended. */
  readonly retried: readonly Failure[]
  /** False when the run was cut off: what there is up to then. */
  readonly complete: boolean
}

/** mocha's own `spec` output, and beside it the counts as JSON in the file that TEST_COUNTS_FILE names. */
export default class CountingReporter extends reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options)
    let passed = 0
    const passedIn: Record<string, number> = {}
    const skipped: Skipped[] = []
    const failures: Failure[] = []
    const retried: Failure[] = []

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

    const write = (complete: boolean) => {
      const counts: Counts = { passed, passedIn, failed: failures.length, skipped, failures, retried, complete }
      const file = process.env.TEST_COUNTS_FILE
      if (file) writeFileSync(file, JSON.stringify(counts))
    }
    const firstTries = new Map<string, Failure>()
    runner.on('retry', (test, error) => {
      const title = test.fullTitle()
      if (!firstTries.has(title)) firstTries.set(title, failureOf(test, error))
    })
    runner.on('pass', (test) => {
      passed++
      const file = fileOf(test) ?? ''
      passedIn[file] = (passedIn[file] ?? 0) + 1
      const first = firstTries.get(test.fullTitle())
      if (first) retried.push(first)
    })
    runner.on('fail', (test, error) => {
      failures.push(failureOf(test, error))
      // At once: a run that hangs afterwards is ended without a word.
      write(false)
    })
    runner.on('pending', (test) => {
      const [suite = ''] = test.titlePath()
      const reason = printed.join(' ').trim()
      const file = fileOf(test)
      skipped.push({ title: test.fullTitle(), suite, reason: reason.replace(/^skipped: /, ''), file })
    })
    runner.on('end', () => {
      write(true)
      endAtLast(failures.length)
    })
  }
}

function failureOf(test: Mocha.Runnable, error: unknown): Failure {
  const text = error instanceof Error ? error.message || error.name : String(error)
  const [first = ''] = text.split('\n').filter((line) => line.trim() !== '')
  return { title: test.fullTitle(), error: first.trim(), place: placeOf(test, error), file: fileOf(test) }
}

const fileOf = (test: Mocha.Runnable): string | undefined => (test.file ? relative('', test.file) : undefined)

/** The line of the test's own file that the error came through, the line of another file of ours, or the file alone. */
function placeOf(test: Mocha.Runnable, error: unknown): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const lines = [...stack.matchAll(/((?:file:\/\/)?[^\s()]+?):(\d+):\d+\)?$/gm)]
    .map(([, file = '', line]) => ({ file: file.startsWith('file:') ? fileURLToPath(file) : file, line }))
    .filter(({ file }) => !file.startsWith('node:') && !file.includes('node_modules'))
  const place = lines.find(({ file }) => file === test.file) ?? lines[0]
  if (place) return `${relative('', place.file)}:${place.line}`
  return fileOf(test)
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
