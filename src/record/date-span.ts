/** Milliseconds since the epoch: from `from`, and before `to`. */
export interface DateSpan {
  readonly from: number
  readonly to: number
}

/**
 * The time that a text such as `2026`, `2026-09`, `2026-09-01` or `2026-09-01T09:30` stands for: the whole year, month, day or
 * minute, by the clock of this computer. Undefined for anything else, also for a day that no month has.
 */
export function dateSpanOf(text: string): DateSpan | undefined {
  const found = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[T ](\d{1,2}):(\d{2}))?)?)?$/.exec(text.trim())
  if (!found) return undefined
  const [year = 0, month, day, hour, minute] = found
    .slice(1)
    .map((part) => (part === undefined ? undefined : Number(part)))
  const at = (more: number) => {
    if (month === undefined) return new Date(year + more, 0, 1)
    if (day === undefined) return new Date(year, month - 1 + more, 1)
    if (hour === undefined || minute === undefined) return new Date(year, month - 1, day + more)
    return new Date(year, month - 1, day, hour, minute + more)
  }
  const first = at(0)
  const isReal =
    first.getFullYear() === year &&
    first.getMonth() === (month ?? 1) - 1 &&
    first.getDate() === (day ?? 1) &&
    (hour === undefined || hour < 24) &&
    (minute === undefined || minute < 60)
  return isReal ? { from: first.getTime(), to: at(1).getTime() } : undefined
}
