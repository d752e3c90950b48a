/** A line that begins with a prompt, which is no part of the command. */
const prompt = /^\$(?: |$)/
const rootPrompt = /^[$#](?: |$)/
const secondPrompt = /^>(?: |$)/
const opensBlock = /(?:\b(?:do|then|else)|[({])\s*$/

/**
 * The commands of a terminal transcript without prompts. Lines of output between them become empty, so that every command
 * stays on its line. A text that does not begin with a prompt is returned as it is.
 * @param isSession the language says that this is a session (`console`): there `#` is the prompt of root, too
 */
export function stripPrompts(text: string, isSession: boolean): string {
  const lines = text.split('\n')
  const first = lines.find((line) => line.trim() !== '')
  // A `#` alone is more often a comment: root's prompt is believed only where the file says that it is a session.
  if (first === undefined || !(isSession ? rootPrompt : prompt).test(first)) return text
  const isPrompt = (line: string) => (prompt.test(first) ? prompt : rootPrompt).test(line)
  /** The command is not complete: the next line belongs to it. */
  let goesOn = false
  /** Inside of quotes or of a block: the next line belongs to it if it has the second prompt. Output can begin with `>`, too. */
  let isOpen = false
  let delimiter: RegExp | undefined
  const commands = lines.map((line) => {
    const bare = line.replace(/^> ?/, '')
    if (delimiter !== undefined) {
      if (delimiter.test(bare)) delimiter = undefined
      return bare
    }
    const isCommand = isPrompt(line)
    if (!isCommand && !goesOn && !(isOpen && secondPrompt.test(line))) {
      isOpen = false
      return ''
    }
    const command = isCommand ? line.slice(2) : bare
    const code = withoutComment(command)
    goesOn = /(?:^|[^\\])(?:\\\\)*\\$/.test(command) || /(?:\||&&)\s*$/.test(code)
    isOpen = (isOpen && !isCommand) || hasOpenQuote(code) || opensBlock.test(code)
    delimiter = hereDocument(code)
    return command
  })
  return commands.join('\n').replace(/\n+$/, '')
}

/** Quoted stretches, escaped characters, then whatever is left: what these do not cover is plain text. */
const quoted = /'[^']*'|"(?:[^"\\]|\\.)*"|\\./g

function withoutComment(command: string): string {
  const masked = command.replaceAll(quoted, (part) => '_'.repeat(part.length))
  const comment = /(?:^|\s)#/.exec(masked)
  return comment === null ? command : command.slice(0, comment.index)
}

function hasOpenQuote(code: string): boolean {
  return /['"]/.test(code.replaceAll(quoted, ''))
}

/** The line that ends a here-document which a command begins; `<<<` and the shift of an arithmetic expression begin none. */
function hereDocument(code: string): RegExp | undefined {
  const match = code.includes('((') ? null : /(?<!<)<<(?!<)(-?)\s*(['"]?)([A-Za-z_][\w-]*)\2/.exec(code)
  return match === null ? undefined : new RegExp(`^${match[1] === '-' ? '\\t*' : ''}${match[3]}$`)
}
