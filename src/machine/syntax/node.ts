import { type SyntaxReader, withoutInterpreterLine } from './syntax-reader.ts'

/**
 * What a step is: a script, or, when that does not parse and it has an `await`, the body of an async function. The same
 * decision as where it runs; `vm.Script` compiles and does not run.
 */
const program = `
const vm = require('node:vm')
const text = require('node:fs').readFileSync(0, 'utf8')
const script = (source, columnOffset) => new vm.Script(source, { filename: 'step', columnOffset })
const parse = () => {
  try {
    return script(text, 0)
  } catch (error) {
    if (!/\\bawait\\b/.test(text)) throw error
    const before = '(async () => {'
    return script(before + text + '\\n})()', -before.length)
  }
}
try {
  parse()
} catch (error) {
  console.error(error.stack)
  process.exitCode = 9
}
`

const isModule =
  /^\s*(?:import\s*(?:[\w*{$]|['"])|export\s*(?:[{*]|default\b|const\b|let\b|var\b|function\b|class\b|async\b))/m

/** `step:3`, the line, a mark below it, an empty line, `SyntaxError: …`. */
const complaint = /^(?:step|\[stdin\]):(\d+)\n(.*)\n([ \t]*)(\^*)[ \t]*\n\n?(?:SyntaxError: )(.*)$/m

export const readNode: SyntaxReader = async (text, { find, start }) => {
  const node = await find(['node'])
  if (node === undefined) return undefined
  const input = withoutInterpreterLine(text, '//')
  const args = isModule.test(text) ? ['--check', '--input-type=module', '-'] : ['-e', program]
  const printed = await start(node, ['--no-warnings', ...args], { input })
  if (printed === undefined) return undefined
  if (printed.exitCode === 0) return []
  const [, line, source, before = '', mark, message] = complaint.exec(printed.stderr) ?? []
  if (line === undefined || message === undefined) return undefined
  const isShown = mark !== '' && source === input.split('\n')[Number(line) - 1]
  return [{ line: Number(line), ...(isShown && { column: before.length + 1 }), message }]
}
