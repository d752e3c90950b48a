/** Cells that a title may take where there is room for one line of many things. */
const most = 32

const wide = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\u3000-\u303f\u30fc\uff01-\uff60]/u

/** A title for a status bar, a tab or a list of terminals: cut where it is long, with Japanese counted as wide as it is. */
export function shortTitle(title: string): string {
  const characters = [...title]
  let cells = 0
  const kept = characters.findIndex((character) => {
    cells += wide.test(character) ? 2 : 1
    return cells > most
  })
  return kept < 0
    ? title
    : `${characters
        .slice(0, kept - 1)
        .join('')
        .trimEnd()}…`
}
