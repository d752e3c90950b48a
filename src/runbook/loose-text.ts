/** One form for all widths and cases: `ＡＢＣ`, `abc` and `ABC` are the same to a person. */
export function looseText(text: string): string {
  return text.normalize('NFKC').toLocaleLowerCase()
}

/** The words of what a person looks for, in that form; none in an empty text. */
export function looseWords(text: string): readonly string[] {
  return looseText(text).split(/\s+/u).filter(Boolean)
}
