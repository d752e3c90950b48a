import { type SyntaxReader, withoutInterpreterLine } from './syntax-reader.ts'

/** Pragmas of Perl's own whose arguments are plain words: to load them runs nothing of the text. */
const harmless =
  /^[ \t]*(?:use|no) +(?:strict|warnings|utf8|integer|feature|v?5[\d._]*)(?: +(?:'[\w: ]*'|"[\w: ]*"|qw\([\w: ]*\)))? *;/gm

/**
 * What Perl carries out, or could be made to carry out, while it only compiles: `use` and blocks such as BEGIN, methods that
 * these call, and what may stand in for them.
 */
const runsWhileCompiling =
  /\b(?:use|no|BEGIN|UNITCHECK|CHECK|INIT|END|ADJUST)\b|(?:un)?import|AUTOLOAD|ATTRIBUTES|CORE|GLOBAL|UNIVERSAL|VERSION|\bstrict\b|\bwarnings\b|\butf8\b|\binteger\b|\bfeature\b|^\s*#\s*line\b|\0/im

const complaint = /^(.+?) at step line (\d+)(?:, (.+?))?\.?$/m

/** `perl -c` runs parts of a text; where it could, nothing is said of the step. */
export const readPerl: SyntaxReader = async (text, perl, { start }) => {
  if (runsWhileCompiling.test(text.replaceAll(harmless, ''))) return undefined
  const input = `#line 1 "step"\n${withoutInterpreterLine(text, '#')}\n`
  const printed = await start(perl, ['-X', '-f', '-c', '-'], { input })
  if (printed === undefined) return undefined
  if (printed.exitCode === 0) return []
  const [, message, line, near] = complaint.exec(printed.stderr) ?? []
  if (message === undefined) return undefined
  return [{ line: Number(line), message: near === undefined ? message : `${message}, ${near}` }]
}
