import { columnOfCharacter, type SyntaxReader } from './syntax-reader.ts'

/** Compiles to memory. Characters that are no Unicode text are an error of their own in Python. */
const program = `
import json, sys
try:
    compile(sys.stdin.buffer.read().decode() + '\\n', 'step', 'exec')
    found = None
except SyntaxError as error:
    found = [error.lineno, error.offset, error.msg]
except ValueError as error:
    found = [None, None, str(error)]
print(json.dumps([found]))
`

/** `-I -S`: no module of the working folder, of the user or of the environment is imported, nor is anything of site. */
export const readPython: SyntaxReader = async (text, python, { start }) => {
  const printed = await start(python, ['-I', '-S', '-B', '-W', 'ignore', '-c', program], { input: text })
  const [, line, offset, message] = /^\[\[(\d+|null), (\d+|null), (".*")\]\]\s*$/.exec(printed?.stdout ?? '') ?? []
  if (printed?.stdout.trim() === '[null]') return []
  if (message === undefined) return undefined
  const lines = text.split('\n')
  const at = line === 'null' ? 1 : Number(line)
  const source = lines[at - 1]
  const column = offset === 'null' || Number(offset) < 1 || source === undefined ? undefined : Number(offset)
  return [
    {
      line: at,
      ...(column !== undefined && { column: columnOfCharacter(source ?? '', column) }),
      message: String(JSON.parse(message)),
    },
  ]
}
