import { base64Forms } from './binary.ts'

/** The few forms in which programs write most of what they write: those of a long value, of which all forms would be too many. */
export function usualForms(text: string): readonly string[] {
  const utf8 = Buffer.from(text, 'utf8')
  const hexadecimal = utf8.toString('hex')
  const inJson = JSON.stringify(text).slice(1, -1)
  return [
    ...base64Forms(utf8),
    ...base64Forms(Buffer.from(text, 'utf16le')),
    hexadecimal,
    hexadecimal.toUpperCase(),
    // Half of a surrogate pair cannot be written in a URL.
    encodeURIComponent(text.toWellFormed()),
    encodeURIComponent(text.toWellFormed()).replaceAll('%20', '+'),
    inJson,
    inJson.replace(/[^\0-~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    text.replaceAll('\n', '\\n'),
    text.replaceAll("'", "'\\''"),
    text.replaceAll("'", "''"),
  ]
}
