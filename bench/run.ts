// Every bench, one after the other; exit code 1 when a limit is broken: `npm run bench`, or `npm run bench -- step record`.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const all = ['step', 'shells', 'terminal', 'output', 'cancel', 'record', 'history', 'runbook', 'secrets', 'activation']
const wanted = process.argv.length > 2 ? process.argv.slice(2) : all

for (const name of wanted) {
  console.log(`\n# ${name}`)
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.ts`)], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
