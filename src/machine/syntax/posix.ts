import { isTooLongToPass, type SyntaxReader } from './syntax-reader.ts'

/**
 * `bash: -c: line 3: syntax error …`, `sh: 3: Syntax error: …` (dash), `zsh:3: parse error …`. bash then quotes the line
 * between a backtick and an apostrophe, under the same number.
 */
const complaint = /:(?: -c:)?(?: line)? ?(\d+): (?!`)(.+)$/m

/** An empty line comes first: a text that begins with a dash would be taken for options. */
const reader =
  (...attempts: readonly (readonly string[])[]): SyntaxReader =>
  async (text, shell, { platform, start }) => {
    if (isTooLongToPass(text, platform)) return undefined
    let stderr = ''
    for (const options of attempts) {
      const printed = await start(shell, [...options, '-n', '-c', `\n${text}`])
      if (printed === undefined) return undefined
      if (printed.exitCode === 0) return []
      stderr ||= printed.stderr
    }
    const [, line, message] = complaint.exec(stderr) ?? []
    return line === undefined || message === undefined ? undefined : [{ line: Number(line) - 1, message }]
  }

/** A text may switch `extglob` on for itself, which `-n` does not carry out. */
export const readBash = reader(['--noprofile', '--norc'], ['--noprofile', '--norc', '-O', 'extglob'])

export const readSh = reader([])

/** The second attempt is for texts that switch it on for themselves. */
export const readZsh = reader(['-f'], ['-f', '-o', 'extendedglob', '-o', 'kshglob'])
