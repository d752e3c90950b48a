/** Milliseconds of work at a time: far below what anybody notices in an editor. */
const mostAtOnce = 8

/** Called between pieces of long work: from time to time it lets others have their turn. */
export type Breath = () => Promise<void>

export function createBreath(): Breath {
  let last = performance.now()
  return async () => {
    if (performance.now() - last < mostAtOnce) return
    await new Promise((done) => setImmediate(done))
    last = performance.now()
  }
}
