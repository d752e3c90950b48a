import { readJsonHandover, throughEnvironment } from './json-handover.ts'
import type { ProcessShell } from './shell.ts'

/**
 * Compiles `text` under the name `filename`, from the line `line` on, and runs nothing: a script, or, when that does not parse and
 * it has an `await`, the body of an async function.
 */
export const parsing = `const script = (source, columnOffset) => new vm.Script(source, {
  filename,
  lineOffset: Number(line) - 1,
  columnOffset,
  importModuleDynamically: vm.constants && vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
})
const parsed = () => {
  try {
    return script(text, 0)
  } catch (error) {
    if (!/\\bawait\\b/.test(text)) throw error
    const before = '(async () => {'
    return script(before + text + '\\n})()', -before.length)
  }
}`

/**
 * Runs the text as a script under the runbook's name and line. A script that needs top-level `await` is run as the body of
 * an async function. Frames of this bootstrap are cut from what is shown.
 */
const bootstrap = `{
const vm = require('node:vm'), fs = require('node:fs')
let text = ''
for (let n = 0; process.env['BATON_TEXT_' + n] !== undefined; n++) {
  text += process.env['BATON_TEXT_' + n]
  delete process.env['BATON_TEXT_' + n]
}
text = text.replace(/^#!/, '//')
const { BATON_FILE: filename, BATON_LINE: line, BATON_HANDOVER: path } = process.env
for (const name of ['BATON_FILE', 'BATON_LINE', 'BATON_HANDOVER']) delete process.env[name]
const out = path ? fs.openSync(path, 'w') : 3
const give = (message) => fs.writeFileSync(out, JSON.stringify(message) + '\\0.\\0')
const show = (error) => {
  const stack = error && error.stack
  if (typeof stack !== 'string') return console.error('Uncaught', error)
  console.error(stack.split('\\n').filter((entry) => !/^    at .*(node:|\\[eval\\])/.test(entry)).join('\\n'))
}
${parsing}
let ready
try {
  ready = parsed()
} catch (error) {
  show(error)
  give({ syntax: true })
  process.exit(1)
}
process.argv.splice(1, Infinity, filename)
const before = { ...process.env }
process.on('exit', () => {
  const set = Object.fromEntries(Object.entries(process.env).filter(([name, value]) => before[name] !== value))
  const unset = Object.keys(before).filter((name) => process.env[name] === undefined)
  give({ set, unset, cwd: process.cwd() })
})
const { emitWarning } = process
process.emitWarning = (warning, ...more) => {
  if (!String(warning).includes('vm.USE_MAIN_CONTEXT_DEFAULT_LOADER')) emitWarning.call(process, warning, ...more)
}
try {
  ready.runInThisContext()
} catch (error) {
  if (process.listenerCount('uncaughtException') > 0) throw error
  show(error)
  process.exit(1)
}
}
`

/** Node.js on the PATH, never the editor's own. */
export const node: ProcessShell = {
  kind: 'process',
  name: 'node',
  interpreters: () => ['node'],
  launch: (request, context) => ({ args: ['-e', bootstrap], env: throughEnvironment(request, context) }),
  readHandover: readJsonHandover,
}
