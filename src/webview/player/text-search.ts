/** A text as it is searched: whatever the case of its letters and the width of its characters. */
export function folded(text: string): string {
  return text.normalize('NFKC').toLocaleLowerCase()
}

export interface Match {
  /** In UTF-16 units of the text. */
  readonly start: number
  readonly end: number
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Where a text holds another one. */
export function matchesIn(text: string, wanted: string): readonly Match[] {
  const sought = folded(wanted)
  if (sought === '' || !folded(text).includes(sought)) return []
  let whole = ''
  /** For each unit of the folded text, what it stands for. */
  const origins: Match[] = []
  for (const { segment, index } of graphemes.segment(text)) {
    const part = folded(segment)
    for (const _ of part.split('')) origins.push({ start: index, end: index + segment.length })
    whole += part
  }
  const matches: Match[] = []
  for (let at = whole.indexOf(sought); at >= 0; at = whole.indexOf(sought, at + sought.length)) {
    const [first, last] = [origins[at], origins[at + sought.length - 1]]
    if (first && last) matches.push({ start: first.start, end: last.end })
  }
  return matches
}
