/**
 * The lines of which their author says that they hold no secret, in secretlint's own words, so that its program in CI
 * understands them, too: `secretlint-disable-line`, `secretlint-disable-next-line`, and `secretlint-disable` until
 * `secretlint-enable`. They may stand in any comment. What follows them, such as names of rules or a reason, is not looked
 * at: a whole line is tainted or it is not.
 */
export function excusedLines(lines: readonly { readonly text: string }[]): (line: number) => boolean {
  const excused = new Set<number>()
  let isOff = false
  lines.forEach(({ text }, line) => {
    const directives = text.includes('secretlint-') ? [...text.matchAll(directive)].map(([, word]) => word) : []
    if (isOff) excused.add(line)
    for (const word of directives) {
      if (word === 'disable') isOff = true
      if (word === 'enable') isOff = false
      if (word === 'disable-line') excused.add(line)
      if (word === 'disable-next-line') excused.add(line + 1)
    }
  })
  return (line) => excused.has(line)
}

const directive = /secretlint-(disable-next-line|disable-line|disable|enable)\b/g
