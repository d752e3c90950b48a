/** The fields of a JSON object that may come from anywhere: each reader gives what it was asked for, or nothing. */
export type Fields = Readonly<Record<string, unknown>>

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isText(value: unknown): value is string {
  return typeof value === 'string'
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number'
}

export function text(value: unknown): string | undefined {
  return isText(value) ? value : undefined
}

export function number(value: unknown): number | undefined {
  return isNumber(value) ? value : undefined
}

/** One of a few words. */
export function word<Word extends string>(value: unknown, words: readonly Word[]): Word | undefined {
  return words.find((known) => known === value)
}

/** The strings of a list; empty for anything else. */
export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter(isText) : []
}

/** The strings of an object, by name; empty for anything else. */
export function textFields(value: unknown): Readonly<Record<string, string>> {
  if (!isFields(value)) return {}
  const pairs = Object.entries(value).flatMap(([name, field]) => (isText(field) ? [[name, field] as const] : []))
  return Object.fromEntries(pairs)
}

/** An object with that one field, or without any where there is no value. */
export function some<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [N in Name]?: Value } {
  const result: { [N in Name]?: Value } = {}
  if (value !== undefined) result[name] = value
  return result
}

/** An object with that one field where it is `true`. */
export function flag<Name extends string>(name: Name, value: unknown): { readonly [N in Name]?: true } {
  return some(name, value === true ? true : undefined)
}
