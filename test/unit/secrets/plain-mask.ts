import { MASK } from '../../../src/secrets/mask.ts'
import type { Masker } from '../../../src/secrets/masker.ts'
import type { secretForms } from '../../../src/secrets/secret-forms.ts'

/** What the masker looks through, as expressions. */
const between = '[\\r\\n\\0]'
const sequence = '\\u001b(?:\\[[ -?\\r\\n\\0]*[@-~]?|[ -/]+[0-~]?|[0-Z\\\\-~])?'
const carried = '\\u001b[\\]PX^_](?:[^\\u001b\\u0007\\u009c\\u0018\\u001a]*[\\u0007\\u009c\\u0018\\u001a]?)'
const waysOfLooking = [
  (text: string) => left(text, between),
  (text: string) => left(text, `${between}|${sequence}`),
  (text: string) => left(text, `${between}|${carried}|${sequence}`),
  ...['\\\\', '`', '\\^'].map((quote) => (text: string) => unquoted(left(text, between), new RegExp(quote))),
]

interface Left {
  readonly text: string
  /** Where each of its units stands in the whole. */
  readonly at: readonly number[]
}

/** What is left of a text without what is passed over. */
function left(whole: string, passedOver: string): Left {
  const at = Array.from({ length: whole.length }, (_, index) => index)
  for (const { 0: gone, index } of [...whole.matchAll(new RegExp(passedOver, 'g'))].reverse()) {
    at.splice(index, gone.length)
  }
  return { text: at.map((index) => whole.charAt(index)).join(''), at }
}

/** Without each quoting character that stands before a character which is no letter and no digit. */
function unquoted({ text, at }: Left, quote: RegExp): Left {
  const kept: number[] = []
  for (let index = 0; index < text.length; index++) {
    if (quote.test(text.charAt(index))) {
      if (/^(?:[A-Za-z0-9])$/.test(text.charAt(index + 1))) kept.push(index)
      index += 1
    }
    if (index < text.length) kept.push(index)
  }
  return { text: kept.map((index) => text.charAt(index)).join(''), at: kept.map((index) => at[index] ?? 0) }
}

/** The same result by the plainest means: mark what each form covers, then write one mask for each stretch. */
export function plainMask(text: string, forms: ReturnType<typeof secretForms>): string {
  const covered = new Array<boolean>(text.length).fill(false)
  for (const { text: left, at } of waysOfLooking.map((way) => way(text))) {
    for (const { text: form, unbroken, longer = [] } of forms) {
      for (let found = left.indexOf(form); found >= 0; found = left.indexOf(form, found + 1)) {
        const equal = longer.map(({ text: long }) => commonLength(long, left.slice(found, found + long.length)))
        const length = Math.max(form.length, ...equal)
        const [start = 0, last = 0] = [at[found], at[found + length - 1]]
        if (unbroken && /[\r\n]/.test(text.slice(start, last))) continue
        covered.fill(true, start, last + 1)
      }
    }
  }
  let result = ''
  for (let index = 0; index < text.length; index++) {
    if (!covered[index]) result += text[index]
    else if (!covered[index - 1]) result += MASK
  }
  return result
}

function commonLength(one: string, other: string): number {
  let length = 0
  while (length < other.length && one[length] === other[length]) length += 1
  return length
}

/** What a stream gives for a text in pieces of these sizes, and its end. */
export function inPieces(text: string, masker: Masker, sizes: () => number): readonly string[] {
  const stream = masker.stream()
  const pieces: string[] = []
  for (let at = 0; at < text.length; ) {
    const size = sizes()
    pieces.push(stream.write(text.slice(at, at + size)))
    at += size
  }
  return [...pieces, stream.end()]
}
