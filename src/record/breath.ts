/** Milliseconds of work at a time, of all that is worked on: far below what anybody notices in an editor. */
const mostAtOnce = 8

/** Called between pieces of long work: from time to time it lets others have their turn. */
export type Breath = () => Promise<void>

export function createBreath(): Breath {
  return async () => {
    if (workedInThisTurn() < mostAtOnce) return
    await new Promise<void>((goOn) => {
      waiting.push(goOn)
      if (waiting.length === 1) setImmediate(nextTurn)
    })
  }
}

/** Long works that go on at the same time share a turn, since whoever waits for it waits for all of them. */
let turnBegan: number | undefined
const waiting: (() => void)[] = []

function workedInThisTurn(): number {
  const now = performance.now()
  if (turnBegan === undefined) {
    turnBegan = now
    setImmediate(() => {
      turnBegan = undefined
    })
  }
  return now - turnBegan
}

function nextTurn(): void {
  turnBegan = undefined
  const goOn = waiting.shift()
  if (waiting.length > 0) setImmediate(nextTurn)
  goOn?.()
}
