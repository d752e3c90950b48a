/**
 * The spellings under which a value is looked for in output: the value itself; for a value of several lines also with
 * LF and with CRLF between them, as pseudo-terminals and Windows programs write it; and without the line ends at its
 * end, which `$(…)` and most readers of files drop.
 */
export function secretForms(value: string): ReadonlySet<string> {
  const forms = new Set<string>()
  for (const text of [value, value.replace(/[\r\n]+$/, '')]) {
    const lines = text.replaceAll('\r\n', '\n')
    for (const form of [text, lines, lines.replaceAll('\n', '\r\n')]) {
      if (form !== '') forms.add(form)
    }
  }
  return forms
}
