import assert from 'node:assert/strict'
import { createTypedText } from '../../../src/execution/typed-text.ts'
import { createRandom } from '../runbook/random.ts'

/** A line as an editor has it: what is typed is made of letters that neither the prompt nor what is printed has. */
interface Edited {
  text: string
  cursor: number
}

const prompt = 'Name: '
const keys = ['q', 'u', 'y', 'x', 'z', 'q', 'u', 'y', '\x7f', '\x1b[D', '\x1b[C'] as const

/** Does what the key says; false when there is nothing to do. */
const edit = (line: Edited, key: string): boolean => {
  const { text, cursor } = line
  if (key === '\x7f') {
    if (cursor === 0) return false
    line.text = text.slice(0, cursor - 1) + text.slice(cursor)
    line.cursor--
  } else if (key === '\x1b[D') {
    if (cursor === 0) return false
    line.cursor--
  } else if (key === '\x1b[C') {
    if (cursor === text.length) return false
    line.cursor++
  } else {
    line.text = text.slice(0, cursor) + key + text.slice(cursor)
    line.cursor++
  }
  return true
}

/** What an editor prints for the keys that it finds waiting, the Enter key apart. */
type Editor = (line: Edited, waiting: readonly string[]) => readonly string[]

const each =
  (draw: (line: Edited, key: string, before: Edited) => readonly string[]): Editor =>
  (line, waiting) =>
    waiting.flatMap((key) => {
      const before = { ...line }
      return edit(line, key) ? draw(line, key, before) : []
    })

const once =
  (draw: (line: Edited) => readonly string[]): Editor =>
  (line, waiting) => {
    for (const key of waiting) edit(line, key)
    return draw(line)
  }

const column = ({ cursor }: Edited) => prompt.length + cursor + 1
const isLetter = (key: string) => key.length === 1 && key !== '\x7f'

const editors: Readonly<Record<string, Editor>> = {
  // Every piece is a write of its own.
  'readline of Node': each((line, key, before) => {
    if (key === '\x1b[D') return ['\x1b[1D']
    if (key === '\x1b[C') return ['\x1b[1C']
    if (isLetter(key) && before.cursor === before.text.length) return [key]
    return ['\x1b[1G', '\x1b[0J', prompt + line.text, `\x1b[${column(line)}G`]
  }),
  'readline of bash and Python': each((line, key, before) => {
    if (key === '\x1b[D') return ['\b']
    if (key === '\x1b[C') return [before.text.charAt(before.cursor)]
    const rest = line.text.slice(line.cursor)
    if (isLetter(key)) return [key + rest + '\b'.repeat(rest.length)]
    return [rest === '' ? '\b\x1b[K' : `\b${rest}\x1b[K${'\b'.repeat(rest.length)}`]
  }),
  'a console that prints what it gets': each((line, key) => {
    const rest = line.text.slice(line.cursor)
    if (key === '\x1b[D') return ['\x1b[D']
    if (key === '\x1b[C') return ['\x1b[C']
    if (isLetter(key)) return [key, ...(rest === '' ? [] : [rest, `\x1b[${rest.length}D`])]
    return ['\b', ...(rest === '' ? [' \b'] : [`${rest} `, `\x1b[${rest.length + 1}D`])]
  }),
  'one that draws the whole line, with its prompt': once((line) => [
    `\r${prompt}${line.text}\x1b[K\x1b[${column(line)}G`,
  ]),
  'one that colours the line behind its prompt': once((line) => [
    `\x1b[?25l\x1b[1;${prompt.length + 1}H\x1b[93m${line.text.slice(0, 2)}\x1b[0m${line.text.slice(2)}\x1b[K`,
    `\x1b[1;${column(line)}H\x1b[?25h`,
  ]),
}

describe('what is typed at a line editor, however late and in whatever pieces it comes back', () => {
  for (const [name, editor] of Object.entries(editors)) {
    it(`stays out of the output of ${name}`, () => {
      for (let seed = 1; seed <= 500; seed++) {
        const random = createRandom(seed)
        const text = createTypedText()
        let now = 0
        let output = ''
        const story: string[] = []
        const give = (pieces: ReturnType<typeof text.flush>) => {
          for (const piece of pieces) if (piece.kind === 'output') output += piece.text
        }
        const read = (printed: string) => {
          story.push(`reads ${JSON.stringify(printed)}`)
          give(text.separate(printed, now))
          if (random.below(4) > 0 || !text.holds()) return
          // The rest is not there yet when the time is over.
          story.push('waits')
          now += 60
          give(text.flush())
        }
        const line: Edited = { text: '', cursor: 0 }
        let waiting: string[] = []
        let printed = ''
        const draw = () => {
          for (const write of editor(line, waiting.splice(0, 1 + random.below(waiting.length)))) {
            printed += write
            if (random.below(3) > 0) continue
            const cut = random.below(3) > 0 ? printed.length : random.below(printed.length)
            read(printed.slice(0, cut))
            printed = printed.slice(cut)
          }
        }
        read(prompt)
        for (let n = 2 + random.below(9); n > 0; n--) {
          const key = random.pick(n > 8 ? (['q', 'u'] as const) : keys)
          story.push(`types ${JSON.stringify(key)}`)
          text.typed(key, now++)
          waiting.push(key)
          if (random.below(3) > 0) draw()
        }
        text.typed('\r', now)
        story.push('types Enter')
        while (waiting.length > 0) draw()
        printed += '\r\n'
        if (random.below(2) > 0) {
          read(printed)
          printed = ''
        }
        read(`${printed}=done=\r\n`)
        give(text.end())
        const told = `seed ${seed}: ${JSON.stringify(output)}\n${story.join('\n')}`
        assert.doesNotMatch(output, /[quyxz]/, told)
        assert.match(output, /=done=\r\n$/, told)
        assert.ok(output.startsWith(prompt), told)
        waiting = []
      }
    })
  }
})
