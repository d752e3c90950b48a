/** Says what a row has under a name. */
export type RowSource = (name: string, index: number) => unknown

const source = Symbol('source')
const place = Symbol('place')

interface Row {
  readonly [source]: RowSource
  readonly [place]: number
}

/** One for all rows with the same names: so they are of one kind to the engine, however many sources they have. */
const prototypes = new Map<string, object>()

/**
 * Makes rows that look up what they have when somebody asks: a hundred thousand of them are made in the time in which a few
 * thousand would be filled. `in` and `for … in` find their names; a spread would copy nothing, so `copyOfRow` does.
 */
export function lookedUpRows<Thing extends object>(names: readonly string[], of: RowSource): (index: number) => Thing {
  const prototype = prototypeOf(names)
  return (index) => {
    const row = Object.create(prototype)
    row[source] = of
    row[place] = index
    return row
  }
}

function prototypeOf(names: readonly string[]): object {
  const key = names.join(' ')
  const known = prototypes.get(key)
  if (known !== undefined) return known
  const made = {}
  for (const name of names) {
    Object.defineProperty(made, name, {
      enumerable: true,
      get(this: Row) {
        return this[source](name, this[place])
      },
    })
  }
  prototypes.set(key, made)
  return made
}

/** An object of its own with all that a row has; of an ordinary object, too. */
export function copyOfRow<Thing extends object>(row: Thing): Thing {
  const copy = Object.create(Object.prototype)
  for (const name in row) copy[name] = row[name]
  return copy
}
