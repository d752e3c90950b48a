import { parsing } from '../shells/node.ts'
import { type SyntaxReader, withoutInterpreterLine } from './syntax-reader.ts'

/** Parsed as where it runs. */
const program = `
const vm = require('node:vm')
const text = require('node:fs').readFileSync(0, 'utf8')
const filename = 'step', line = 1
${parsing}
try {
  parsed()
} catch (error) {
  console.error(error.stack)
  process.exitCode = 9
}
`

/** `step:3`, the line, a mark below it, an empty line, `SyntaxError: …`. */
const complaint = /^step:(\d+)\n(.*)\n([ \t]*)(\^*)[ \t]*\n\n?(?:SyntaxError: )(.*)$/m

export const readNode: SyntaxReader = async (text, node, { start }) => {
  const input = withoutInterpreterLine(text, '//')
  const printed = await start(node, ['--no-warnings', '-e', program], { input })
  if (printed === undefined) return undefined
  if (printed.exitCode === 0) return []
  const [, line, source, before = '', mark, message] = complaint.exec(printed.stderr) ?? []
  if (line === undefined || message === undefined) return undefined
  const isShown = mark !== '' && source === input.split('\n')[Number(line) - 1]
  return [{ line: Number(line), ...(isShown && { column: before.length + 1 }), message }]
}
