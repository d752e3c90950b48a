/** Bytes on their way to a thread that hashes them. */
export const ringBytes = 16 * 1024 * 1024

/** Both sides see the same memory. */
export interface HashRing {
  readonly control: Int32Array<SharedArrayBuffer>
  readonly bytes: Uint8Array<SharedArrayBuffer>
  /** SHA-256, there when `control[state]` says so. */
  readonly result: Uint8Array<SharedArrayBuffer>
}

/** Places in `control`. `filled` counts bytes that were put and not taken yet; `ended` is added to it when none will follow. */
export const filled = 0
export const state = 1

/** More than the ring holds. */
export const ended = 1 << 30

/** Whoever first makes something else of `starting` decides whether the thread hashes or its owner does. */
export const starting = 0
export const atWork = 1
export const givenUp = 2
export const finished = 3

const controlBytes = 8
const resultBytes = 32

export function createRingMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(controlBytes + resultBytes + ringBytes)
}

export function ringIn(memory: SharedArrayBuffer): HashRing {
  return {
    control: new Int32Array(memory, 0, controlBytes / 4),
    result: new Uint8Array(memory, controlBytes, resultBytes),
    bytes: new Uint8Array(memory, controlBytes + resultBytes, ringBytes),
  }
}
