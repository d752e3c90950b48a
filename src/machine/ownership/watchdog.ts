import { rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { endFamily } from '../process-tree.ts'

// Watches over an owner from outside: stdin is a pipe that nobody but the owner holds. When it ends without a farewell the
// owner was killed, and what it would have ended is ended here.
//   watchdog MARKER FOLDER GRACE_MS      lines on stdin: `+PID` a step's first process, `-PID` it ended, `farewell`
const [marker = '', folder = '', graceMs = '0'] = process.argv.slice(2)
const roots = new Set<number>()
let farewell = false

// It leaves when its owner does, not when a terminal or a session does.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})

createInterface({ input: process.stdin })
  .on('line', (line) => {
    if (line === 'farewell') farewell = true
    else if (line.startsWith('+')) roots.add(Number(line.slice(1)))
    else if (line.startsWith('-')) roots.delete(Number(line.slice(1)))
  })
  .on('close', () => void leave())

async function leave(): Promise<void> {
  if (!farewell) {
    await endAll()
    // A process that was being started in that very moment had no environment yet by which it could be known.
    await sleep(200)
    await endAll()
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
  process.exit()
}

async function endAll(): Promise<void> {
  const families = process.platform === 'win32' ? [...roots].map((root) => ({ root, marker })) : [{ marker }]
  for (const family of families) await endFamily(family, Number(graceMs))
}
