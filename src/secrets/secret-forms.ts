import type { Pattern } from './automaton.ts'
import { binaryForms } from './forms/binary.ts'
import { escapedForms } from './forms/escapes.ts'
import { misreadForms } from './forms/misread.ts'
import { quotedForms } from './forms/quoting.ts'
import { urlForms } from './forms/url.ts'
import { type LongText, longText } from './long-text.ts'

/** Values shorter than this are looked for as they are: their forms would be found in ordinary text. In characters. */
const shortestWithForms = 8
/** Values from this length on are also found where lines were wrapped within them. In characters. */
const shortestWrapped = 12
/** Forms of shorter values look less like ordinary text: `base64` makes ten letters of eight, and wraps its lines. */
const shortestWrappedForm = 10
/** A line of a longer value that is shorter says too little to be hidden alone. In characters. */
const shortestLine = 4
/** Of the forms of a longer value the automaton knows the beginning, and the rest is compared: it would take megabytes. In UTF-16 units. */
const longestWhole = 256
/** So much of a form of such a value is hidden by itself. In UTF-16 units. */
const begunOfLong = 64
/** The same of a value that may have hundreds of lines, each with its forms. In UTF-16 units. */
const begunOfVeryLong = 32
/** A value from this length on is that. In UTF-16 units. */
const veryLong = 4000
/** The same where that much is as good as one character over and over, which other text may contain. In UTF-16 units. */
const begunOfUniform = 256
/** A beginning of fewer different units is that. */
const fewUnits = 6

/**
 * The spellings under which values are looked for in output, without what the masker looks through (line ends and NULs). A
 * value of several lines is found with whatever line ends, and each of its lines alone.
 */
export function secretForms(values: readonly string[]): readonly Pattern[] {
  const unbrokenOf = new Map<string, boolean>()
  const longOf = new Map<string, Map<string, LongText>>()
  for (const value of values) {
    const isLong = value.length > longestWhole
    for (const text of textsOf(value)) {
      const length = lengthOf(visible(text))
      const isShort = length < shortestWrapped && visible(text) === text
      const forms = length < shortestWithForms ? [] : [...new Set(allForms(text))].map(visible).filter(isLongEnough)
      for (const form of [visible(text), ...forms]) {
        if (form === '') continue
        const key = isLong ? form.slice(0, begunOf(form, value.length)) : form
        if (key !== form) {
          const longs = longOf.get(key) ?? new Map<string, LongText>()
          longs.set(form, longText(form, key.length))
          longOf.set(key, longs)
        }
        const unbroken = isShort && (key === visible(text) || lengthOf(key) < shortestWrappedForm)
        unbrokenOf.set(key, unbroken && unbrokenOf.get(key) !== false)
      }
    }
  }
  return [...unbrokenOf].map(([text, unbroken]) => {
    const longs = longOf.get(text)
    return { text, unbroken, ...(longs && { longer: [...longs.values()] }) }
  })
}

function begunOf(form: string, lengthOfValue: number): number {
  const begun = lengthOfValue < veryLong ? begunOfLong : begunOfVeryLong
  return new Set(form.slice(0, begun)).size < fewUnits ? begunOfUniform : begun
}

/** A value; without the line ends at its end, which `$(…)` drops; as other systems compose its letters; and its lines. */
function textsOf(value: string): ReadonlySet<string> {
  const whole = [value, value.replace(/[\r\n]+$/, ''), value.normalize('NFC'), value.normalize('NFD')]
  const lines = value.split(/[\r\n]+/).map((line) => line.trim())
  return new Set([...whole, ...(lines.length > 1 ? lines.filter(saysSomething) : [])])
}

/** A brace, a literal or a small number, with a key before it or without: a line of JSON that hides nothing. */
const bareJson = /^(?:"[^"]*"\s*:\s*)?(?:true|false|null|-?\d{1,3}|[[{]+)?[\]}]*,?$/

/** The lone `{` of a JSON document would make asterisks of every other one, and so would its `true,` and `"a": {`. */
function saysSomething(line: string): boolean {
  return lengthOf(line) >= shortestLine && !bareJson.test(line)
}

function allForms(text: string): readonly string[] {
  const written = [...urlForms(text), ...escapedForms(text), ...quotedForms(text), ...misreadForms(text)]
  return [...written, ...binaryForms(text)]
}

const isLongEnough = (form: string) =>
  // No character has more than two units.
  form.length >= 2 * shortestWithForms || (form.length >= shortestWithForms && lengthOf(form) >= shortestWithForms)
const visible = (text: string) => text.replace(/[\r\n\0]+/g, '')
const lengthOf = (text: string) => Array.from(text).length
