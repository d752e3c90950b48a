import { createHash } from 'node:crypto'
import { workerData } from 'node:worker_threads'
import { atWork, ended, filled, finished, ringBytes, ringIn, starting, state } from './hash-ring.ts'

/** The entry of a thread that hashes what its owner puts into the ring, and ends. */
const { control, bytes, result } = ringIn(workerData)

/** So much is hashed before its place is free again. */
const mostAtOnce = 256 * 1024

function run(): void {
  if (Atomics.compareExchange(control, state, starting, atWork) !== starting) return
  const hash = createHash('sha256')
  let at = 0
  for (;;) {
    const count = Atomics.load(control, filled)
    if (count === ended) break
    if (count === 0) {
      Atomics.wait(control, filled, 0)
      continue
    }
    const length = Math.min(count & (ended - 1), mostAtOnce, ringBytes - at)
    hash.update(bytes.subarray(at, at + length))
    at = (at + length) % ringBytes
    Atomics.sub(control, filled, length)
    Atomics.notify(control, filled)
  }
  result.set(hash.digest())
  Atomics.store(control, state, finished)
  Atomics.notify(control, state)
}

run()
