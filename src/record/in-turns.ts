import { type Breath, createBreath } from './breath.ts'

/** Items between two looks at the clock. */
const pieceLength = 64

/** Visits a list that may be long, and lets others have their turn meanwhile. */
export async function eachInTurns<Item>(
  items: Iterable<Item>,
  visit: (item: Item) => void,
  breathe: Breath = createBreath(),
): Promise<void> {
  let count = 0
  for (const item of items) {
    visit(item)
    count += 1
    if (count % pieceLength === 0) await breathe()
  }
}

/** `filter` in turns. */
export async function filterInTurns<Item, Found extends Item>(
  items: Iterable<Item>,
  isFound: (item: Item) => item is Found,
): Promise<readonly Found[]>
export async function filterInTurns<Item>(
  items: Iterable<Item>,
  isFound: (item: Item) => boolean,
): Promise<readonly Item[]>
export async function filterInTurns<Item>(
  items: Iterable<Item>,
  isFound: (item: Item) => boolean,
): Promise<readonly Item[]> {
  const found: Item[] = []
  await eachInTurns(items, (item) => {
    if (isFound(item)) found.push(item)
  })
  return found
}

/** `find` in turns. */
export async function findInTurns<Item>(
  items: Iterable<Item>,
  isFound: (item: Item) => boolean,
): Promise<Item | undefined> {
  const breathe = createBreath()
  let count = 0
  for (const item of items) {
    if (isFound(item)) return item
    count += 1
    if (count % pieceLength === 0) await breathe()
  }
  return undefined
}

/** `Map.groupBy` in turns. */
export async function groupInTurns<Item>(
  items: Iterable<Item>,
  keyOf: (item: Item) => string,
): Promise<ReadonlyMap<string, readonly Item[]>> {
  const groups = new Map<string, Item[]>()
  await eachInTurns(items, (item) => {
    const key = keyOf(item)
    const known = groups.get(key)
    if (known) known.push(item)
    else groups.set(key, [item])
  })
  return groups
}
