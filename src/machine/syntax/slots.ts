/** Lets at most `count` tasks run at once; the others wait for their turn, in order. */
export const createSlots = (count: number) => {
  const waiting: (() => void)[] = []
  let free = count
  return async <T>(task: () => Promise<T>): Promise<T> => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
  }
}
