import { readableText } from '../execution/readable-text.ts'

/** A text to read before it runs, with the characters that deceive as their codes. */
export function Readable({ text, deceptive = [] }: { readonly text: string; readonly deceptive?: readonly string[] }) {
  const parts: (string | { readonly code: string })[] = []
  let plain = ''
  const shown = readableText(text, deceptive, (code) => `\u{f0000}${code}\u{f0000}`)
  for (const [index, part] of shown.split('\u{f0000}').entries()) {
    if (index % 2 === 0) plain += part
    else {
      parts.push(plain, { code: part })
      plain = ''
    }
  }
  parts.push(plain)
  return <>{parts.map((part) => (typeof part === 'string' ? part : <mark class="deceptive">{part.code}</mark>))}</>
}
