import { Console } from 'node:console'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'

// Every line carries the mark that sets it apart from VS Code's own log. console.log itself cannot be replaced here.
const { log } = console
const mark = process.env.TEST_OUTPUT_MARK ?? ''
const marked = new Writable({
  write: (chunk, _encoding, done) => {
    log(mark + chunk)
    done()
  },
})

/**
 * Entry point that VS Code calls inside the extension host.
 *
 * @throws when a test failed or none ran
 */
export async function run(): Promise<void> {
  globalThis.console = new Console(marked)
  // Only now: mocha keeps the console that it finds when it is loaded.
  const { default: Mocha } = await import('mocha')
  const { default: CountingReporter } = await import('../support/counting-reporter.ts')
  const mocha = new Mocha({ ui: 'bdd', timeout: 30_000, reporter: CountingReporter, color: true })
  if (process.env.TEST_GREP) mocha.grep(process.env.TEST_GREP)
  for (const file of readdirSync(import.meta.dirname)) {
    if (file.endsWith('.test.cjs')) mocha.addFile(join(import.meta.dirname, file))
  }
  const { passes, failures, pending } = await new Promise<Mocha.Stats>((done) => {
    const runner = mocha.run(() => done(runner.stats as Mocha.Stats))
  })
  console.log(`${passes} passed, ${failures} failed, ${pending} skipped`)
  if (failures > 0 || passes === 0) throw new Error('not all tests passed')
}
