/**
 * Finds many patterns in one pass (Aho and Corasick, "Efficient string matching", 1975), over UTF-16 code units.
 * States are row offsets into `next`, so that a step is one addition and one look-up.
 */
export interface Automaton {
  /** Column of `next` by code unit; 0 is every unit that no pattern holds. */
  readonly columnOf: Uint16Array
  /** 1 for the code units with which a pattern begins. */
  readonly startOf: Uint8Array
  readonly next: Int32Array
  /** Number of columns: the distance from one state to the following one. */
  readonly width: number
  /** States from here on are those in which at least one pattern ends. */
  readonly firstMatching: number
  /** By state number (`state / width`): length of the longest pattern that ends here, else 0. */
  readonly matchLength: Int32Array
  /** Length of the shortest pattern, at most 255. */
  readonly shortest: number
  /**
   * By `pairSlot` of the last two of `shortest` units that begin nowhere inside of a pattern: how many units further a pattern
   * can begin at the earliest (Wu and Manber, "A fast algorithm for multi-pattern searching", 1994).
   */
  readonly shift: Uint8Array
  /** By state number: how many of the last units may still be the beginning of a pattern that is not complete. */
  readonly heldLength: Int32Array
}

const slots = 0x4000

/** Where two code units stand in `shift`; pairs that share a place shorten each other's way and nothing else. */
export const pairSlot = (first: number, second: number): number => ((first << 5) ^ second) & (slots - 1)

interface Node {
  readonly children: Map<number, Node>
  readonly depth: number
  fail: Node | undefined
  matchLength: number
  heldLength: number
  state: number
}

/** @param patterns Any number, in any order; empty ones are passed over. The root is state 0. */
export function buildAutomaton(patterns: Iterable<string>): Automaton {
  const root = createNode(0)
  const whole = [...patterns].filter((pattern) => pattern !== '')
  for (const pattern of whole) insert(root, pattern)
  const nodes = linkFailures(root)

  const columnOf = new Uint16Array(0x10000)
  let width = 1
  for (const node of nodes) {
    for (const unit of node.children.keys()) {
      if (columnOf[unit] === 0) columnOf[unit] = width++
    }
  }

  const silent = nodes.filter((node) => node.matchLength === 0)
  const ordered = [...silent, ...nodes.filter((node) => node.matchLength > 0)]
  ordered.forEach((node, index) => {
    node.state = index * width
  })

  const startOf = new Uint8Array(0x10000)
  for (const unit of root.children.keys()) startOf[unit] = 1

  const next = new Int32Array(ordered.length * width)
  // Breadth first: the row of a node's failure link is complete before the node's own row starts from it.
  for (const node of nodes) {
    if (node.fail) next.copyWithin(node.state, node.fail.state, node.fail.state + width)
    for (const [unit, child] of node.children) next[node.state + (columnOf[unit] ?? 0)] = child.state
  }
  return {
    columnOf,
    startOf,
    next,
    width,
    firstMatching: silent.length * width,
    ...shifts(whole),
    matchLength: Int32Array.from(ordered, (node) => node.matchLength),
    heldLength: Int32Array.from(ordered, (node) => node.heldLength),
  }
}

function shifts(patterns: readonly string[]): Pick<Automaton, 'shortest' | 'shift'> {
  const shortest = patterns.reduce((least, { length }) => Math.min(least, length), 255)
  const shift = new Uint8Array(slots).fill(Math.max(1, shortest - 1))
  for (const pattern of patterns) {
    for (let at = 1; at < shortest; at++) {
      const slot = pairSlot(pattern.charCodeAt(at - 1), pattern.charCodeAt(at))
      shift[slot] = Math.min(shift[slot] ?? 0, shortest - 1 - at)
    }
  }
  return { shortest, shift }
}

function createNode(depth: number): Node {
  return { children: new Map(), depth, fail: undefined, matchLength: 0, heldLength: 0, state: 0 }
}

function insert(root: Node, pattern: string): void {
  let node = root
  for (let index = 0; index < pattern.length; index++) {
    const unit = pattern.charCodeAt(index)
    let child = node.children.get(unit)
    if (!child) {
      child = createNode(node.depth + 1)
      node.children.set(unit, child)
    }
    node = child
  }
  node.matchLength = pattern.length
}

/** All nodes breadth first, with what follows from their longest proper suffix that is a node too. */
function linkFailures(root: Node): readonly Node[] {
  const nodes: Node[] = [root]
  // The array grows while it is walked: it is the queue as well.
  for (const node of nodes) {
    if (node.fail) {
      node.matchLength ||= node.fail.matchLength
      node.heldLength = node.children.size > 0 ? node.depth : node.fail.heldLength
    }
    for (const [unit, child] of node.children) {
      child.fail = failureOf(node, unit, root)
      nodes.push(child)
    }
  }
  return nodes
}

function failureOf(parent: Node, unit: number, root: Node): Node {
  for (let node = parent.fail; node; node = node.fail) {
    const child = node.children.get(unit)
    if (child) return child
  }
  return root
}
