import { bytesWhere } from './escapes.ts'

/**
 * Quoted for shells by other means than a character before the one that is quoted: the masker looks behind those anyway
 * (`printf %q`, `declare -p`, PowerShell's backtick, cmd's caret).
 */
export function quotedForms(text: string): readonly string[] {
  return [
    // `set -x`, `${NAME@Q}`, and Python's shlex
    text.replaceAll("'", "'\\''"),
    text.replaceAll("'", `'"'"'`),
    // dash leaves out empty quotes at the end.
    text.replaceAll("'", `'"'"'`).replace(/'$/, ''),
    // Inside of the quotes of PowerShell, cmd and CSV; in a batch file.
    text.replaceAll("'", "''"),
    text.replaceAll('"', '""'),
    text.replaceAll('%', '%%'),
    // zsh's ${(q)…}: what it cannot quote stands in `$'…'`, each by itself.
    text.replace(/[\t\n\r]/g, ansiC),
    bytesWhere(
      text,
      (byte) => byte > 0x7e,
      (byte) => `$'\\${byte.toString(8).padStart(3, '0')}'`,
    ).replace(/[\t\n\r]/g, ansiC),
  ]
}

const ansiC = (char: string) => `$'${JSON.stringify(char).slice(1, -1)}'`
