/** What a program did to the terminal and has not undone. */
export interface TerminalModes {
  read(output: string): void
  /** What puts the terminal back; empty where nothing has to be. */
  undo(): string
}

/** Private modes of xterm that a program which was ended leaves on: alternate screen, mouse, focus, pasting. */
const followed = new Set(['1049', '1047', '47', '1000', '1002', '1003', '1004', '1006', '2004'])
const hiddenCursor = '25'

/** Follows the control sequences of one program after another. */
export function terminalModes(): TerminalModes {
  const on = new Set<string>()
  // A sequence may be cut in two.
  let rest = ''
  return {
    read(output) {
      const text = rest + output
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences are what this file is about
      for (const [, parameters = '', letter] of text.matchAll(/\x1b\[\?([\d;]+)([hl])/g)) {
        for (const mode of parameters.split(';')) {
          if (mode !== hiddenCursor && !followed.has(mode)) continue
          const isOn = (letter === 'h') !== (mode === hiddenCursor)
          if (isOn) on.add(mode)
          else on.delete(mode)
        }
      }
      rest = text.slice(-16)
      const cut = rest.lastIndexOf('\x1b')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences are what this file is about
      rest = cut >= 0 && /^\x1b(\[(\?[\d;]*)?)?$/.test(rest.slice(cut)) ? rest.slice(cut) : ''
    },
    undo() {
      const sequences = [...on].map((mode) => `\x1b[?${mode}${mode === hiddenCursor ? 'h' : 'l'}`)
      on.clear()
      rest = ''
      return sequences.length === 0 ? '' : `${sequences.join('')}\x1b[0m`
    },
  }
}
