/** When a secret must be given another value. Times are milliseconds since the epoch. */
export type Rotation =
  /** No runbook says how often. */
  | { readonly kind: 'none' }
  /** Nobody knows when the value was set. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'due'; readonly at: number }
  /** It had to be done by `since`. */
  | { readonly kind: 'overdue'; readonly since: number }

/** @param rotateEvery milliseconds */
export function rotationOf(rotateEvery: number | undefined, setAt: number | undefined, now: number): Rotation {
  if (rotateEvery === undefined) return { kind: 'none' }
  if (setAt === undefined) return { kind: 'unknown' }
  const at = setAt + rotateEvery
  return at <= now ? { kind: 'overdue', since: at } : { kind: 'due', at }
}
