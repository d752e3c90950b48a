import { noDecimals, oneDecimal, relativeTime } from './formats.ts'
import type { Translate } from './translate.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** "0.4 s", "2.1 s", "12 s", "3 min 12 s", "1 h 5 min". Milliseconds in; below ten seconds one decimal place. */
export function formatDuration(milliseconds: number, t: Translate, locale: string): string {
  const ms = Math.max(0, milliseconds)
  // Rounded before the unit is chosen: 59.96 s is one minute, never "60 s".
  const tenths = Math.round(ms / 100)
  if (tenths < 100) return t('{0} s', oneDecimal(locale).format(tenths / 10))
  const seconds = Math.round(ms / SECOND)
  const whole = noDecimals(locale)
  if (seconds < 60) return t('{0} s', whole.format(seconds))
  if (seconds < 3600) {
    const [minutes, rest] = [whole.format(Math.floor(seconds / 60)), seconds % 60]
    return rest === 0 ? t('{0} min', minutes) : t('{0} min {1} s', minutes, whole.format(rest))
  }
  const minutes = Math.round(ms / MINUTE)
  if (minutes % 60 === 0) return t('{0} h', whole.format(minutes / 60))
  return t('{0} h {1} min', whole.format(Math.floor(minutes / 60)), whole.format(minutes % 60))
}

/** A running clock: "0:12", "3:12", "1:05:00". */
export function formatClock(milliseconds: number): string {
  const seconds = Math.floor(Math.max(0, milliseconds) / SECOND)
  const minutes = Math.floor(seconds / 60) % 60
  const hours = Math.floor(seconds / 3600)
  const two = (value: number) => String(value).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}

/** "just now", "5 minutes ago", "3 days ago", "2 months ago": how long before `now` something was. Both since the epoch. */
export function formatAge(time: number, now: number, t: Translate, locale: string): string {
  const age = Math.max(0, now - time)
  if (age < MINUTE) return t('just now')
  const [count, unit] = largestUnit(age)
  const text = relativeTime(locale).format(-count, unit)
  // CLDR sets a space after the number that no Japanese writer would: "3 日前".
  return /^(ja|zh)\b/.test(locale) ? text.replace(/\s/g, '') : text
}

function largestUnit(age: number): [number, Intl.RelativeTimeFormatUnit] {
  if (age < HOUR) return [Math.floor(age / MINUTE), 'minute']
  if (age < DAY) return [Math.floor(age / HOUR), 'hour']
  const days = Math.floor(age / DAY)
  if (days < 60) return [days, 'day']
  if (days < 730) return [Math.floor(days / 30), 'month']
  return [Math.floor(days / 365), 'year']
}
