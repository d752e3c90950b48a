import { createMasker } from '../secrets/create-masker.ts'
import type { CommandLine, Output } from './ports.ts'

/** The same command line, on which these values are never shown: whatever a keychain or a system says of them. */
export function maskedLine(line: CommandLine, values: readonly string[]): CommandLine {
  const { mask } = createMasker(values.map((value) => ({ name: '', value })))
  const masked = (output: Output): Output => ({ ...output, write: (text) => output.write(mask(text)) })
  return { ...line, out: masked(line.out), err: masked(line.err) }
}
