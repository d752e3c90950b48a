/** What a person typed to choose a key: `Ｎ` and `２` of an input method that is still on are `n` and `2`. */
export function typedKey(line: string): string {
  return line.normalize('NFKC').trim().toLowerCase()
}
