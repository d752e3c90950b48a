import { bytesWhere } from './escapes.ts'

/** Quoted for shells: by `printf %q`, `declare -p`, `set -x`, and by hand for PowerShell and cmd. */
export function quotedForms(text: string): readonly string[] {
  return [
    ...posixForms(text),
    // PowerShell: inside of single and double quotes.
    text.replaceAll("'", "''"),
    text.replace(/[`$"]/g, '`$&'),
    text.replaceAll('`', '``').replaceAll('$', '`$').replaceAll('"', '""'),
    // cmd: outside of quotes, with delayed expansion, and in a batch file.
    text.replace(/[&|<>^()]/g, '^$&'),
    text.replace(/[&|<>^()!"%]/g, '^$&'),
    text.replaceAll('%', '%%'),
    text.replaceAll('^', '^^').replaceAll('!', '^!'),
    // As Windows programs read an argument (CommandLineToArgvW).
    text.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1'),
  ]
}

function posixForms(text: string): readonly string[] {
  return [
    // `set -x`, `${NAME@Q}` and what people write; Python's shlex.
    text.replaceAll("'", "'\\''"),
    text.replaceAll("'", `'"'"'`),
    // zsh's ${(qqq)…}, `declare -p`, fish
    text.replace(/[$`"\\]/g, '\\$&'),
    text.replace(/[$`"\\!]/g, '\\$&'),
    text.replace(/[\\']/g, '\\$&'),
    // `printf %q` of bash, of zsh, and whatever escapes all that is no letter
    text.replace(/[ !"#$&'()*,;<>?[\\\]^`{|}~\t]/g, '\\$&').replace(/(?<!^)\\([#~])/g, '$1'),
    text.replace(/[ !"#$&'()*,;<>?[\\\]^`{|}~\t]/g, '\\$&'),
    text.replace(/[ "#$&'()*;<=>?[\\\]^`{|}~\t]/g, '\\$&'),
    text.replace(/[^A-Za-z0-9_]/gu, '\\$&'),
    text.replace(/[^A-Za-z0-9_\-./:=@%+,]/gu, '\\$&'),
    ...ansiCForms(text),
  ]
}

/** Inside of `$'…'`, which shells take to when a value holds control characters, or letters that the locale does not have. */
function ansiCForms(text: string): readonly string[] {
  const named = text
    .replace(/[\\']/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll('\u001b', '\\E')
  const octal = (byte: number) => `\\${byte.toString(8).padStart(3, '0')}`
  return [
    named,
    bytesWhere(named, (byte) => byte > 0x7e || byte < 0x20, octal),
    bytesWhere(
      named,
      (byte) => byte > 0x7e,
      (byte) => `\\x${byte.toString(16)}`,
    ),
  ]
}
