import { day, dayOfYear, timeOfDay } from './formats.ts'
import type { Translate } from './translate.ts'

/** A day as a heading: "Today", "Yesterday", "Wed, Nov 19" (with the year when it is another one). Local time zone. */
export function formatDay(time: number, now: number, t: Translate, locale: string): string {
  const days = calendarDays(time, now)
  if (days === 0) return t('Today')
  if (days === 1) return t('Yesterday')
  return formatDate(time, now, locale)
}

/** "Wed, Nov 19" (with the year when it is another one than `now`'s): a day within a sentence. Local time zone. */
export function formatDate(time: number, now: number, locale: string): string {
  return (sameYear(time, now) ? day(locale) : dayOfYear(locale)).format(time)
}

/** "Wed, Nov 19 9:30", "11月19日(水) 9:30" (with the year when it is another one than `now`'s). Local time zone. */
export function formatDateTime(time: number, now: number, locale: string): string {
  return `${formatDate(time, now, locale)} ${formatTime(time, locale)}`
}

/** "9:30" */
export function formatTime(time: number, locale: string): string {
  return timeOfDay(locale)
    .format(time)
    .replace(/^0(?=\d)/, '')
}

/** A number for each day of the local calendar, one more than that of the day before. */
export function calendarDay(time: number): number {
  const date = new Date(time)
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000
}

function sameYear(time: number, now: number): boolean {
  return new Date(time).getFullYear() === new Date(now).getFullYear()
}

/** Midnights between the two. Counted in UTC dates of the local calendar, so that a day of 23 hours is a day. */
function calendarDays(time: number, now: number): number {
  return calendarDay(now) - calendarDay(time)
}
