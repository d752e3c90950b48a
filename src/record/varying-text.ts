/** What a program prints differently each time although it did the same. */
export type Variation = 'parameter' | 'id' | 'date' | 'time' | 'duration' | 'process' | 'temporary-name' | 'spacing'

/** A text in which everything that varies has its kind in its place, line for line. */
export interface Unvaried {
  readonly text: string
  /** What stood there, in order, by kind. */
  readonly found: ReadonlyMap<Variation, readonly string[]>
}

const month = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec'
const day = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*'
const clock =
  '\\d{1,2}:[0-5]\\d(?::[0-5]\\d(?:[.,]\\d+)?)?(?: ?[AP]M\\b)?(?: ?(?:Z|UTC|GMT|JST|[+-]\\d{2}:?\\d{2}))?(?![\\d:])'

/**
 * What is known by its form alone. Not among them: numbers, addresses and checksums, in which a difference is a difference.
 * Each stands within one line.
 */
const forms: readonly (readonly [Variation, string])[] = [
  ['id', '(?<![0-9a-f])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9a-f])'],
  ['temporary-name', '(?<=[/\\\\])tmp[.\\-_]?[A-Za-z0-9_]{6,16}(?![A-Za-z0-9_])'],
  [
    'time',
    [
      // ISO 8601, and as `date` prints it.
      `(?<!\\d)\\d{4}-\\d{2}-\\d{2}T${clock}`,
      `\\b${day},? (?:(?:${month}) {1,2}\\d{1,2}|\\d{1,2} (?:${month})(?: \\d{4})?) ${clock}(?: \\d{4}\\b)?`,
      `(?<![\\d:.])${clock}`,
      '(?<!\\d)\\d{1,2}時(?:\\d{1,2}分)?(?:\\d{1,2}秒)?',
    ].join('|'),
  ],
  [
    'date',
    [
      '(?<![\\d-])\\d{4}-\\d{2}-\\d{2}(?![\\d-])',
      '(?<![\\d/])(?:\\d{4}/\\d{1,2}/\\d{1,2}|\\d{1,2}/\\d{1,2}/\\d{4})(?![\\d/])',
      '(?:\\d{4}年)?\\d{1,2}月\\d{1,2}日(?:[(（][月火水木金土日][)）])?',
      `\\b(?:${day},? )?(?:\\d{1,2} (?:${month})[a-z]* \\d{4}|(?:${month})[a-z]* \\d{1,2}, \\d{4})\\b`,
    ].join('|'),
  ],
  ['duration', '(?<![\\w.])\\d+(?:\\.\\d+)? ?(?:(?:ms|µs|μs|ns|msecs?|milliseconds?|secs?|seconds?|s)\\b|ミリ秒|秒)'],
  ['process', '(?<=\\b(?:pid|PID|Pid)[ =:#]{1,3})\\d+'],
  // Columns are as wide as what stands in them, and so are the lines under their names.
  ['spacing', '[ \\t]{2,}|-{3,}|={3,}|[ \\t]+(?=\\n|$)'],
]

/**
 * Takes out what varies.
 *
 * @param parameters values of this run that stand for themselves in its output, by name; those of one character, or of several
 *   lines, are left alone
 */
export function withoutWhatVaries(text: string, parameters: Readonly<Record<string, string>> = {}): Unvaried {
  const names = new Map<string, string>()
  for (const [name, value] of Object.entries(parameters)) if (/^.{2,}$/u.test(value)) names.set(value, name)
  const values = [...names.keys()].sort((a, b) => b.length - a.length).map(asPattern)
  const all: readonly (readonly [Variation, string])[] =
    values.length === 0 ? forms : [['parameter', values.join('|')], ...forms]
  const pattern = new RegExp(all.map(([, form]) => `(${form})`).join('|'), 'gu')
  const found = new Map<Variation, string[]>()
  const unvaried = text.replace(pattern, (token: string, ...groups: unknown[]) => {
    const kind = all[groups.slice(0, all.length).findIndex((group) => group !== undefined)]?.[0] ?? 'spacing'
    const tokens = found.get(kind)
    if (tokens) tokens.push(token)
    else found.set(kind, [token])
    if (kind === 'spacing') return token.trim() === '' ? ' ' : token.slice(0, 3)
    return `⟨${kind === 'parameter' ? names.get(token) : kind}⟩`
  })
  return { text: unvaried.replace(/ +$/gm, ''), found }
}

/** The kinds of which two texts hold others, or others in number. */
export function variationsBetween(before: Unvaried, after: Unvaried): readonly Variation[] {
  const kinds = new Set([...before.found.keys(), ...after.found.keys()])
  return [...kinds].filter((kind) => listOf(before, kind) !== listOf(after, kind))
}

function listOf({ found }: Unvaried, kind: Variation): string {
  return (found.get(kind) ?? []).join('\n')
}

/** A value as a word of its own; in writing without spaces it may stand anywhere. */
function asPattern(value: string): string {
  const escaped = value.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
  const before = /^\w/.test(value) ? '(?<!\\w)' : ''
  const after = /\w$/.test(value) ? '(?!\\w)' : ''
  return `${before}${escaped}${after}`
}
