import { createHash } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import { createRingMemory, ended, filled, finished, givenUp, ringBytes, ringIn, starting, state } from './hash-ring.ts'

/** SHA-256 of bytes that come in parts. */
export interface ByteHash {
  /** @param part not kept beyond the call */
  update(part: Uint8Array): void
  /** Hexadecimal; to be called once. */
  hex(): string
}

export const localHash = (): ByteHash => {
  const hash = createHash('sha256')
  return { update: (part) => void hash.update(part), hex: () => hash.digest('hex') }
}

/** So many bytes are kept before they are worth a thread, which takes some time to start. */
const worthThread = 2 * 1024 * 1024
/** In milliseconds: a thread that takes none of its bytes for so long is dead. */
const patienceMs = 30_000

/**
 * Hashes in a thread once there is much to hash, and in this one where there is not or where no thread comes to life in time.
 * The thread keeps no process alive, and ends with what it hashes.
 *
 * @param workerFile absolute path of the thread's script
 */
export const threadedHash = (workerFile: string) => (): ByteHash => {
  let kept: Uint8Array[] = []
  let length = 0
  let hash: ByteHash | undefined

  function decide(create: () => ByteHash): ByteHash {
    const decided = create()
    for (const part of kept) decided.update(part)
    kept = []
    hash = decided
    return decided
  }

  return {
    update(part) {
      if (hash) return hash.update(part)
      kept.push(new Uint8Array(part))
      length += part.length
      if (length >= worthThread) decide(() => inThread(workerFile) ?? localHash())
    },
    hex: () => (hash ?? decide(localHash)).hex(),
  }
}

/** Undefined where there are no threads. */
function inThread(workerFile: string): ByteHash | undefined {
  const memory = createRingMemory()
  const { control, bytes, result } = ringIn(memory)
  let local: ByteHash | undefined
  let at = 0
  try {
    // Where a thread must not wait for another this throws.
    Atomics.wait(control, filled, 1, 0)
    const worker = new Worker(workerFile, {
      name: 'baton-hash',
      // Not what the host of the extension was started with, such as --inspect.
      execArgv: [],
      workerData: memory,
      resourceLimits: { maxOldGenerationSizeMb: 32 },
    })
    worker.unref()
    // One that does not come to life takes nothing, and is given up below.
    worker.on('error', () => {})
  } catch {
    return undefined
  }

  /** Waits while a value is what it was. The thread shares nothing else, so that nothing but its death ends this with an error. */
  function wait(index: number, value: number): void {
    if (Atomics.wait(control, index, value, patienceMs) === 'timed-out')
      throw new Error('the thread that hashes is dead')
  }

  /** All that the thread has not begun to take is hashed here: everything so far. */
  function takeBack(): ByteHash | undefined {
    if (Atomics.compareExchange(control, state, starting, givenUp) !== starting) return undefined
    local = localHash()
    local.update(bytes.subarray(0, Atomics.load(control, filled)))
    return local
  }

  return {
    update(part) {
      for (let from = 0; from < part.length; ) {
        if (local) return local.update(part.subarray(from))
        const count = Atomics.load(control, filled)
        if (count === ringBytes) {
          if (!takeBack()) wait(filled, count)
          continue
        }
        const taken = Math.min(part.length - from, ringBytes - count, ringBytes - at)
        bytes.set(part.subarray(from, from + taken), at)
        at = (at + taken) % ringBytes
        Atomics.add(control, filled, taken)
        Atomics.notify(control, filled)
        from += taken
      }
    },
    hex() {
      const alone = local ?? takeBack()
      if (alone) return alone.hex()
      Atomics.add(control, filled, ended)
      Atomics.notify(control, filled)
      for (let now = Atomics.load(control, state); now !== finished; now = Atomics.load(control, state))
        wait(state, now)
      return Buffer.from(result).toString('hex')
    },
  }
}
