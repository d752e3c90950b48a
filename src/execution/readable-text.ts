/**
 * A text to read before it runs. A control character would move the cursor or hide what follows, and a deceptive one is not
 * seen as what it is: each stands there as its code. Tabs and line ends stay.
 *
 * @param deceptive more characters that are shown so, as `U+202E`
 * @param marked how a code is told from the text around it
 */
export function readableText(text: string, deceptive: readonly string[], marked: (code: string) => string): string {
  const codes = new Set(deceptive)
  let shown = ''
  for (const character of text) {
    const code = codeOf(character)
    shown += codes.has(code) || isControl(character) ? marked(code) : character
  }
  return shown
}

function isControl(character: string): boolean {
  return /\p{Cc}/u.test(character) && character !== '\t' && character !== '\n'
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
