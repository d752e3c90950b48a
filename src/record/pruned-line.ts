import type { Fields } from './json-fields.ts'

/** The hash of the `output` line that this one stands for; undefined for every other line. */
export function prunedHash(type: unknown, fields: Fields): string | undefined {
  const { pruned } = fields
  if (type !== 'output' || typeof pruned !== 'string' || fields.text !== undefined) return undefined
  return /^[0-9a-f]{64}$/.test(pruned) ? pruned : undefined
}

/** Of the text that a pruned line stands for, in bytes of UTF-8; 0 where it does not say. */
export function prunedBytes({ bytes }: Fields): number {
  return typeof bytes === 'number' && Number.isInteger(bytes) && bytes >= 0 ? bytes : 0
}
