// What Baton costs a window, in a real workbench: the call of activate() from Baton's own log, and VS Code's figures of loading
// and activating from "Show Running Extensions", with a built-in extension of the same window as the floor.
// `node bench/activation.ts` exits with 1 when activate() takes over 30 ms.
import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { openBaton } from '../test/support/ui/baton-window.ts'
import { openFile } from '../test/support/ui/gestures.ts'
import { runCommand } from '../test/support/vscode/workbench.ts'

const limitMs = 30
const rounds = 3
const root = join(import.meta.dirname, '..')

interface Measurement {
  /** Milliseconds in `activate` alone. */
  readonly call: number
  /** Milliseconds to load the script and to call `activate`, by extension. */
  readonly whole: ReadonlyMap<string, number>
}

async function measure(): Promise<Measurement> {
  const baton = await openBaton({ folders: [join(root, 'test', 'host', 'workspace')] })
  try {
    await openFile(baton.page, 'hello.md')
    await baton.page.locator('.codelens-decoration').first().waitFor()
    await runCommand(baton.page, 'Developer: Show Running Extensions')
    const rows = baton.page.locator('.runtime-extensions-editor .monaco-list-row')
    await rows.filter({ hasText: 'Baton' }).first().waitFor()
    const texts = await rows.allInnerTexts()
    const whole = new Map(
      texts.flatMap((text) => {
        const time = /Activation:\s*(?:Startup Activation:\s*)?(\d+)\s*ms|Startup Activation:\s*(\d+)\s*ms/.exec(text)
        const name = text.split('\n').find((line) => line.trim() !== '') ?? ''
        return time ? [[name.trim(), Number(time[1] ?? time[2])] as const] : []
      }),
    )
    const [log = ''] = globSync(join(baton.server.dir, '**', 'baton.baton', 'Baton.log'))
    const call = Number(/activate\(\) took ([\d.]+) ms/.exec(readFileSync(log, 'utf8'))?.[1])
    return { call, whole }
  } finally {
    await baton.close()
  }
}

const calls: number[] = []
const own: number[] = []
const floor: number[] = []
for (let round = 0; round < rounds; round++) {
  const { call, whole: times } = await measure()
  calls.push(call)
  own.push([...times].find(([name]) => name.startsWith('Baton'))?.[1] ?? Number.NaN)
  floor.push([...times].find(([name]) => /^Git$|^Markdown Language Features/.test(name))?.[1] ?? Number.NaN)
}
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
const size = statSync(join(root, 'dist', 'extension.cjs')).size
console.log(`activate()               median ${median(calls)} ms  (limit ${limitMs} ms)`)
console.log(`loading and activate()   median ${median(own)} ms`)
console.log(`a built-in extension     median ${median(floor)} ms  ratio ${(median(own) / median(floor)).toFixed(2)}`)
console.log(`script at activation     ${Math.round(size / 1024)} KB  (limit 300 KB)`)
if (!(median(calls) <= limitMs) || size > 300 * 1024) process.exitCode = 1
process.exit()
