import type { ReadStream, WriteStream } from 'node:tty'
import type { TerminalKeyboard } from './ports.ts'

/** The keys of this process's terminal, one by one. Node itself puts the terminal back when the process exits. */
export function terminalKeyboard(input: ReadStream, output: WriteStream): TerminalKeyboard {
  return {
    open(onKeys) {
      const decoder = new TextDecoder()
      const onData = (data: Buffer | string) =>
        onKeys(typeof data === 'string' ? data : decoder.decode(data, { stream: true }))
      input.setRawMode(true)
      input.on('data', onData)
      input.resume()
      return () => {
        input.off('data', onData)
        input.pause()
        input.setRawMode(false)
      }
    },
    size: () => ({ columns: output.columns, rows: output.rows }),
    onResize(listener) {
      output.on('resize', listener)
      return () => output.off('resize', listener)
    },
  }
}
