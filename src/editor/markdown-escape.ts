/** Text as one line of Markdown in which nothing has a meaning. */
export function escapeMarkdown(text: string): string {
  return escapePunctuation(text.replace(/\s+/gu, ' ').trim())
}

/** Text as the content of one HTML element, on one line: a blank line would end the HTML block that it is in. */
export function escapeHtml(text: string): string {
  return text.replace(/\s+/gu, ' ').replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** Text as a block quote in which nothing has a meaning; lines stay lines. */
export function quote(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => `> ${escapePunctuation(line.trim())}`.trimEnd())
    .join('  \n')
}

/** Text as a fenced block: the fence is longer than any run of backticks in it (CommonMark 0.31, section 4.5). */
export function fence(text: string, language = ''): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length))
  const marker = '`'.repeat(longest + 1)
  return `${marker}${language.replace(/[^\w+#.-]/g, '')}\n${text}\n${marker}`
}

/** CommonMark lets a backslash take the meaning of any ASCII punctuation; those that never have one stay readable. */
function escapePunctuation(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, (character) =>
    ',;\'"%?/@'.includes(character) ? character : `\\${character}`,
  )
}
