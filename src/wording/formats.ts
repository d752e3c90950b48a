/** Makes a format once for each locale: making one takes a hundred times as long as using it, and lists use it hundreds of times. */
function onceForEach<Format>(make: (locale: string) => Format): (locale: string) => Format {
  const made = new Map<string, Format>()
  return (locale) => {
    const format = made.get(locale) ?? make(locale)
    made.set(locale, format)
    return format
  }
}

/** "1,234" */
export const wholeNumber = onceForEach((locale) => new Intl.NumberFormat(locale))

/** "2.1": always with one decimal place. */
export const oneDecimal = onceForEach(
  (locale) => new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
)

/** "2": rounded. */
export const noDecimals = onceForEach((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }))

export const pluralRules = onceForEach((locale) => new Intl.PluralRules(locale))

/** "5 minutes ago" */
export const relativeTime = onceForEach((locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'always' }))

/** "Wed, Nov 19" */
export const day = onceForEach(
  (locale) => new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', weekday: 'short' }),
)

/** "Wed, Nov 19, 2025" */
export const dayOfYear = onceForEach(
  (locale) => new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', day: 'numeric', weekday: 'short' }),
)

/** "09:30" */
export const timeOfDay = onceForEach(
  (locale) => new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', hourCycle: 'h23' }),
)
