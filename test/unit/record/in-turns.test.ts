import assert from 'node:assert/strict'
import { eachInTurns, filterInTurns, findInTurns, groupInTurns } from '../../../src/record/in-turns.ts'

const numbers = Array.from({ length: 1000 }, (_, index) => index)

describe('a long list in turns', () => {
  it('is visited whole and in order, with pauses between', async () => {
    const events: (number | 'pause')[] = []
    await eachInTurns(
      numbers,
      (number) => events.push(number),
      async () => {
        events.push('pause')
      },
    )
    assert.deepEqual(
      events.filter((event) => event !== 'pause'),
      numbers,
    )
    const longest = Math.max(
      ...events
        .join(' ')
        .split('pause')
        .map((piece) => piece.trim().split(' ').length),
    )
    assert.ok(longest <= 100, `${longest} without a pause`)
  })

  it('is filtered, searched and grouped as the ordinary way does it', async () => {
    const isOdd = (number: number) => number % 2 === 1
    assert.deepEqual(await filterInTurns(numbers, isOdd), numbers.filter(isOdd))
    assert.equal(await findInTurns(numbers, (number) => number > 700), 701)
    assert.equal(await findInTurns(numbers, (number) => number > 7000), undefined)
    const lastDigit = (number: number) => String(number % 10)
    assert.deepEqual([...(await groupInTurns(numbers, lastDigit))], [...Map.groupBy(numbers, lastDigit)])
  })

  it('shares a turn with other lists, so that whoever waits for it waits for one of them', async () => {
    let now = 0
    const { now: real } = performance
    performance.now = () => now
    try {
      const perTurn: number[] = [0]
      let isOver = false
      const countTurn = () => {
        perTurn.push(0)
        if (!isOver) setImmediate(countTurn)
      }
      setImmediate(countTurn)
      // Each piece takes a millisecond of the clock.
      const work = () =>
        eachInTurns(numbers, (number) => {
          if (number % 64 !== 0) return
          now += 1
          perTurn[perTurn.length - 1] = (perTurn.at(-1) ?? 0) + 1
        })
      await Promise.all([work(), work(), work(), work(), work()])
      isOver = true
      assert.ok(Math.max(...perTurn) <= 16, `${perTurn}`)
    } finally {
      performance.now = real
    }
  })
})
