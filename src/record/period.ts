import type { Schedule } from '../runbook/runbook.ts'

const day = 24 * 60 * 60 * 1000

const periods: Readonly<Record<string, number>> = {
  daily: day,
  weekly: 7 * day,
  monthly: 31 * day,
  quarterly: 92 * day,
  yearly: 366 * day,
  // Of RFC 5545, section 3.3.10.
  SECONDLY: 1000,
  MINUTELY: 60_000,
  HOURLY: 60 * 60 * 1000,
  DAILY: day,
  WEEKLY: 7 * day,
  MONTHLY: 31 * day,
  YEARLY: 366 * day,
}

/** Milliseconds for which a runbook stays done: as long as its schedule lets pass between two runs; a day where it has none. */
export function periodOf(schedule: Schedule | undefined): number {
  const frequency = /(?:^|[:;])FREQ=([A-Z]+)/.exec(schedule ?? '')?.[1]
  const interval = Number(/;INTERVAL=(\d+)/.exec(schedule ?? '')?.[1] ?? 1)
  return (periods[frequency ?? schedule ?? ''] ?? day) * (frequency === undefined ? 1 : Math.max(1, interval))
}
