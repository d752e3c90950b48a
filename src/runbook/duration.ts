const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
}

/** Milliseconds of "90s", "1h30m", "180d", "500ms"; a bare number is seconds. Undefined when it is no duration. */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim().toLowerCase()
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed) * 1000
  if (!/^(\d+(\.\d+)?\s*(ms|s|min|m|h|d|w)\s*)+$/.test(trimmed)) return undefined
  let sum = 0
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d|w)/g)) {
    sum += Number(amount) * (units[unit ?? ''] ?? 0)
  }
  return sum
}

/** Milliseconds of "180d" or "26w": as `parseDuration`, but never a bare number, of which nobody knows whether it means seconds or days. */
export function parseAge(text: string): number | undefined {
  return /^[\d.\s]*$/.test(text) ? undefined : parseDuration(text)
}
