import type { LongText } from './long-text.ts'

/** A text to be found. */
export interface Pattern {
  readonly text: string
  /** It counts only where no line end stands within it. */
  readonly unbroken: boolean
  /** Longer texts that begin with it, of which only this beginning is in the automaton. */
  readonly longer?: readonly LongText[]
}

/**
 * Finds many patterns in one pass (Aho and Corasick, "Efficient string matching", 1975), over UTF-16 code units. States are
 * numbers; 0 is the one in which nothing has begun. The tables are indexed by state.
 */
export interface Automaton {
  /** Where a unit leads from state 0; 0 for the units with which no pattern begins. */
  readonly first: Int32Array
  next(state: number, unit: number): number
  /** How many of the last units are the beginning of a pattern. */
  readonly depth: Int32Array
  /** The state of the longest proper suffix of these units that is the beginning of a pattern, too. */
  readonly fail: Int32Array
  /** The state itself or the nearest on its way along `fail` at which a pattern ends; 0 where there is none. */
  readonly match: Int32Array
  /** 1 where every pattern that ends in the state is unbroken. */
  readonly unbroken: Uint8Array
  /** 1 where a pattern goes on from here. */
  readonly goesOn: Uint8Array
  /** Length of the shortest pattern of which these units are the beginning. */
  readonly shortestThrough: Int32Array
  /** By the state in which their beginning ends. */
  readonly longer: ReadonlyMap<number, readonly LongText[]>
}

/** @param patterns any number, in any order; empty ones are passed over */
export function buildAutomaton(patterns: readonly Pattern[]): Automaton {
  const most = patterns.reduce((sum, { text }) => sum + text.length, 1)
  const first = new Int32Array(0x10000)
  const units = new Uint16Array(most)
  const child = new Int32Array(most)
  const sibling = new Int32Array(most)
  const depth = new Int32Array(most)
  const fail = new Int32Array(most)
  const match = new Int32Array(most)
  const unbroken = new Uint8Array(most)
  const goesOn = new Uint8Array(most)
  const shortestThrough = new Int32Array(most).fill(0x7fffffff)
  const longer = new Map<number, readonly LongText[]>()
  let states = 1

  const childOf = (state: number, unit: number): number => {
    if (state === 0) return first[unit] ?? 0
    let found = child[state] ?? 0
    while (found !== 0 && units[found] !== unit) found = sibling[found] ?? 0
    return found
  }

  const added = (state: number, unit: number): number => {
    const made = states++
    units[made] = unit
    depth[made] = (depth[state] ?? 0) + 1
    goesOn[state] = 1
    if (state === 0) first[unit] = made
    sibling[made] = child[state] ?? 0
    child[state] = made
    return made
  }

  for (const pattern of patterns) {
    const { length } = pattern.text
    if (length === 0) continue
    let state = 0
    for (let index = 0; index < length; index++) {
      const unit = pattern.text.charCodeAt(index)
      state = childOf(state, unit) || added(state, unit)
      shortestThrough[state] = Math.min(shortestThrough[state] ?? 0, length)
    }
    const isFirst = match[state] === 0
    unbroken[state] = pattern.unbroken && (isFirst || unbroken[state] === 1) ? 1 : 0
    match[state] = state
    if (pattern.longer) longer.set(state, pattern.longer)
  }

  const next = (from: number, unit: number): number => {
    for (let state = from; state !== 0; state = fail[state] ?? 0) {
      const found = childOf(state, unit)
      if (found !== 0) return found
    }
    return first[unit] ?? 0
  }

  // Breadth first: the way back of a state leads to shorter ones, which are linked already.
  const queue = new Int32Array(states)
  let queued = 0
  for (let state = child[0] ?? 0; state !== 0; state = sibling[state] ?? 0) queue[queued++] = state
  for (let at = 0; at < queued; at++) {
    const state = queue[at] ?? 0
    if (match[state] === 0) match[state] = match[fail[state] ?? 0] ?? 0
    for (let below = child[state] ?? 0; below !== 0; below = sibling[below] ?? 0) {
      fail[below] = next(fail[state] ?? 0, units[below] ?? 0)
      queue[queued++] = below
    }
  }
  return { first, next, depth, fail, match, unbroken, goesOn, shortestThrough, longer }
}
