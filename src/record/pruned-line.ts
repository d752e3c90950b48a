import { type Fields, text } from './json-fields.ts'

/** The output that a line holds; undefined where there is none. */
export function outputIn(type: string, fields: Fields): string | undefined {
  if (type === 'output') return text(fields.text)
  return type === 'step-end' ? text(fields.difference) : undefined
}

/** The hash of the line with output that this one stands for; undefined for every other line. */
export function prunedHash(type: unknown, fields: Fields): string | undefined {
  const { pruned, text: held, difference } = fields
  const mayStand = (type === 'output' || type === 'step-end') && held === undefined && difference === undefined
  if (!mayStand || typeof pruned !== 'string') return undefined
  return /^[0-9a-f]{64}$/.test(pruned) ? pruned : undefined
}

/** Of the output that a pruned line stands for, in bytes of UTF-8; 0 where it does not say. */
export function prunedBytes({ bytes }: Fields): number {
  return typeof bytes === 'number' && Number.isInteger(bytes) && bytes >= 0 ? bytes : 0
}
