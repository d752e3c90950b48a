import type { Style } from './style.ts'

/**
 * A text as lines to read before it runs. A control character would move the cursor or hide what follows, and a deceptive one
 * is not seen as what it is: each stands there as its code.
 * @param deceptive more characters that are shown so, as `U+202E`
 */
export function readableLines(text: string, style: Style, deceptive: readonly string[] = []): readonly string[] {
  const codes = new Set(deceptive)
  return text.split('\n').map((line) =>
    [...line]
      .map((character) => {
        const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
        const isHidden = codes.has(code) || (/\p{Cc}/u.test(character) && character !== '\t')
        return isHidden ? style.bad(`‹${code}›`) : character
      })
      .join(''),
  )
}
