import assert from 'node:assert/strict'
import { createTypedText } from '../../../src/execution/typed-text.ts'
import { createRandom } from '../runbook/random.ts'

/** What a line editor prints for its prompt, for one more character, and for the Enter key. */
interface Editor {
  readonly prompt: (label: string) => string
  readonly add: (line: string, char: string) => string
  readonly enter: string
}

const editors: Readonly<Record<string, Editor>> = {
  'bash and gdb': {
    prompt: (label) => `\x1b[?2004h${label}`,
    add: (_, char) => char,
    enter: '\r\n\x1b[?2004l\r',
  },
  Python: { prompt: (label) => label, add: (_, char) => char, enter: '\r\n' },
  'Node.js': {
    prompt: (label) => `\x1b[1G\x1b[0J${label}\x1b[${label.length + 1}G`,
    add: (_, char) => char,
    enter: '\r\r\n',
  },
  zsh: {
    prompt: (label) => `\r\x1b[0m\x1b[27m\x1b[24m\x1b[J${label}\x1b[K\x1b[?2004h`,
    add: (line, char) => (line.length === 1 ? `\b${line}${char}` : char),
    enter: '\x1b[?2004l\r\r\n',
  },
}

/** What a program that runs before the questions prints: nothing of what is typed is made of that. */
const prints = [
  'tick\r\n',
  '.',
  '50%\r',
  'ok\r\n',
  '\r\n',
  'done: all 12\r\n',
  'Check: ',
  'Go on? ',
  '\r[##  ] 4\x1b[K',
] as const

const labelsOf = [
  ['Name: ', 'Place: ', 'Age: '],
  ['Name ', 'Place ', 'Age'],
  ['名前', '場所を入れてください', '年齢：'],
  ['', '12', '> '],
] as const

describe('what is typed at any time before, at and between the prompts of a program', () => {
  for (const [name, editor] of Object.entries(editors)) {
    it(`stays out of the output of ${name}, however late that is read`, () => {
      for (let seed = 1; seed <= 1500; seed++) {
        const random = createRandom(seed)
        const text = createTypedText()
        const story: string[] = []
        let output = ''
        let now = 0
        const give = (pieces: ReturnType<typeof text.flush>) => {
          for (const piece of pieces) if (piece.kind === 'output') output += piece.text
        }
        /** What was printed and not read yet. */
        let wire = ''
        const read = (length: number) => {
          if (length > 0) {
            story.push(`reads ${JSON.stringify(wire.slice(0, length))}`)
            give(text.separate(wire.slice(0, length), now))
            wire = wire.slice(length)
          }
          if (wire !== '' || !text.holds() || random.below(2) > 0) return
          story.push('pauses')
          now += random.below(20) > 0 ? 60 : 6000
          give(text.flush())
        }

        let isEchoing = random.below(4) > 0
        let isAsking = false
        let line = ''
        const queue: string[] = []
        const labels = random.pick(labelsOf)
        const answers: string[] = []
        const handle = (key: string) => {
          if (key !== '\r') {
            wire += editor.add(line, key)
            line += key
            return
          }
          wire += `${editor.enter}=${answers.push(line)}=\r\n`
          line = ''
          isAsking = false
        }
        const type = (keys: string) => {
          story.push(`types ${JSON.stringify(keys)}`)
          const asking = random.below(4) > 0 ? ({ awaited: 'key', shows: false } as const) : {}
          const reception = isAsking ? asking : ({ awaited: 'nothing', shows: isEchoing } as const)
          for (const answer of text.typed(keys, now++, () => reception)) assert.match(answer, /^[qQwzZvxXj]+$/)
          for (const key of keys) {
            if (isAsking) handle(key)
            else {
              queue.push(key)
              if (isEchoing) wire += key === '\r' ? '\r\n' : key
            }
          }
        }
        const goOn = () => {
          if (isAsking) return
          const what = random.below(4)
          if (what === 0) isEchoing = !isEchoing
          else if (what === 1 && labels.length > answers.length) {
            isEchoing = true
            isAsking = true
            wire += editor.prompt(labels[answers.length] ?? '')
            for (let key = queue.shift(); key; key = isAsking ? queue.shift() : undefined) handle(key)
          } else wire += random.pick(prints)
          story.push(`prints, echo ${isEchoing ? 'on' : 'off'}: ${JSON.stringify(wire)}`)
        }
        const lines = ['qQw', 'zZv', 'xXj'].map((one) => `${one.slice(0, 1 + random.below(3))}\r`)
        const split = random.pick([
          (one: string) => [one],
          (one: string) => [...one],
          (one: string) => [one.slice(0, 1), one.slice(1)],
        ] as const)
        const keys = lines.flatMap(split)
        for (const one of keys) {
          for (let n = random.below(4); n > 0; n--) {
            goOn()
            if (random.below(2) > 0) read(random.below(3) > 0 ? wire.length : random.below(wire.length + 1))
          }
          type(one)
          if (random.below(2) > 0) read(wire.length)
        }
        while (answers.length < 3) {
          goOn()
          if (random.below(2) > 0) read(wire.length)
        }
        read(wire.length)
        give(text.end())
        const told = `seed ${seed}: ${JSON.stringify(output)}\n${story.join('\n')}`
        assert.deepEqual(
          answers,
          lines.map((one) => one.trim()),
          told,
        )
        assert.doesNotMatch(output, /[qQwzZvxXj]/, told)
        assert.match(output, /=1=[\s\S]*=2=[\s\S]*=3=/, told)
      }
    })
  }
})
