import type { SyntaxProblem } from '../../execution/syntax.ts'
import { type SyntaxReader, withoutInterpreterLine } from './syntax-reader.ts'

/** Compiles to memory; `ruby -c` would take options, such as a library to load, from a `#!` line. */
const program = `
begin
  RubyVM::InstructionSequence.compile($stdin.binmode.read.force_encoding('UTF-8'), 'step', 'step', 1)
rescue SyntaxError => error
  $stderr.print error.message
  exit 9
end
`

/** Until Ruby 3.3: `step:3: syntax error, …`, each with its line of source and a mark below it. */
const classic = /^step:(\d+): (.+)(?:\n(.*)\n( *)\^)?/gm

/** From Ruby 3.4: the source with numbered lines, marked with `>`, and what is wrong under them. */
const marked = /^> *(\d+) \| ?(.*)\n +[|~] ?( *)\^[~^]* ?(.+)$/gm

/** @returns undefined when there is nothing of either form in what Ruby printed */
export const problemsOfRuby = (printed: string, text: string): readonly SyntaxProblem[] | undefined => {
  const lines = text.split('\n')
  const modern = [...printed.matchAll(marked)]
  const matches = modern.length > 0 ? modern : [...printed.matchAll(classic)]
  const problems = matches.map(([, line, first = '', second = '', third = '']) => {
    const [message, source, before] = modern.length > 0 ? [third, first, second] : [first, second, third]
    const isShown = source !== '' && source === lines[Number(line) - 1] && /^[ -~]*$/.test(source)
    return { line: Number(line), ...(isShown && { column: before.length + 1 }), message: message.trim() }
  })
  return problems.length === 0 ? undefined : problems
}

export const readRuby: SyntaxReader = async (text, ruby, { start }) => {
  const options = ['-W0', '--disable=gems,rubyopt', '-e', program]
  const printed = await start(ruby, options, { input: withoutInterpreterLine(text, '#') })
  if (printed === undefined) return undefined
  if (printed.exitCode === 0) return []
  return printed.exitCode === 9 ? problemsOfRuby(printed.stderr, text) : undefined
}
