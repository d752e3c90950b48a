/** A line that begins with a prompt, which is no part of the command. */
const prompt = /^\$(?: |$)/
const rootPrompt = /^[$#](?: |$)/
const continuation = /^> ?/

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
  let goesOn = false
  let delimiter: RegExp | undefined
  const commands = lines.map((line) => {
    if (delimiter !== undefined) {
      const bare = line.replace(continuation, '')
      if (delimiter.test(bare)) delimiter = undefined
      return bare
    }
    const isCommand = isPrompt(line)
    if (!isCommand && !goesOn) return ''
    const command = isCommand ? line.slice(2) : line.replace(continuation, '')
    goesOn = /(?:^|[^\\])(?:\\\\)*\\$/.test(command) || /(?:\||&&)\s*$/.test(command)
    delimiter = hereDocument(command)
    return command
  })
  return commands.join('\n').replace(/\n+$/, '')
}

function hereDocument(command: string): RegExp | undefined {
  const match = /<<(-?)\s*(['"]?)([A-Za-z_][\w-]*)\2/.exec(command)
  return match === null ? undefined : new RegExp(`^${match[1] === '-' ? '\\t*' : ''}${match[3]}$`)
}
