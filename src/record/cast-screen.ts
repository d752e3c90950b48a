import { linesOfUnified } from '../execution/difference-lines.ts'
import type { StepDescription } from '../execution/event.ts'
import type { RecordLine } from './line.ts'

/** The words between what steps printed. None of them holds a control character of its own. */
export interface CastWords {
  /** Behind a step's title: where it is, and how it runs. */
  place(step: StepDescription): string
  /** How a step ended, in one line. */
  ending(end: StepEnd): string
  problem(end: StepEnd): string | undefined
  /** Above the lines in which what a step printed differs from what was expected. */
  difference(): string
  /** Output that came here and is not on record. */
  leftOut(bytes: number): string
  /** Output that was on record and was taken out of it later. */
  pruned(): string
  note(text: string): string
  /** What comes from here on is on record, and too much to be played. */
  notPlayed(): string
  /** How the run ended, in one line. */
  runEnding(end: Extract<RecordLine, { type: 'run-end' | 'run-abandoned' }>): string
}

export type StepEnd = Extract<RecordLine, { type: 'step-end' }>

/** What a terminal would have been sent for the lines of a record, given to it in the order in which they happened. */
export interface CastScreen {
  /** Empty where the line shows nothing. */
  show(line: RecordLine): string
}

interface OpenStep {
  readonly step: StepDescription
  readonly trail: Trail
  /** It was said that output of this step was taken out. */
  saysPruned: boolean
}

export function createCastScreen(words: CastWords): CastScreen {
  const steps = new Map<number, OpenStep>()
  let atLineStart = true

  const line = (text: string) => {
    const fresh = atLineStart ? '' : '\r\n'
    atLineStart = true
    return `${fresh}${text}\r\n`
  }
  const quietLine = (text: string) => line(quiet(onOneLine(text)))

  function output({ step, trail }: OpenStep, text: string): string {
    if (step.background) {
      const printed = text.replace(/\r?\n$/, '').split(/\r?\n/)
      return printed.map((one) => line(`${quiet(`${onOneLine(step.title)} │`)} ${one}${plainAgain}`)).join('')
    }
    trail.follow(text)
    if (text !== '') atLineStart = text.endsWith('\n')
    return text.replace(/\r?\n/g, '\r\n')
  }

  /** Each line of output leaves one behind when it is taken out: that is said once for the step. */
  function pruned(open: OpenStep): string {
    if (open.saysPruned) return ''
    open.saysPruned = true
    return quietLine(`… ${words.pruned()}`)
  }

  function difference(unified: string): readonly string[] {
    const lines = linesOfUnified(unified).map(({ kind, text }) => {
      if (kind === 'added') return line(good(onOneLine(`+ ${text}`)))
      return kind === 'removed' ? line(bad(onOneLine(`- ${text}`))) : quietLine(kind === 'gap' ? '  ⋯' : `  ${text}`)
    })
    return [quietLine(words.difference()), ...lines]
  }

  function ending(end: StepEnd): string {
    const open = steps.get(end.execution)
    steps.delete(end.execution)
    const name = open?.step.background ? `${onOneLine(open.step.title)} · ` : ''
    const problem = words.problem(end)
    const isFine = end.outcome === 'succeeded' || end.outcome === 'skipped'
    const last = onOneLine(`${name}${words.ending(end)}`)
    return [
      open?.trail.leave() ?? '',
      problem === undefined ? '' : line(bad(onOneLine(problem))),
      ...(end.difference === undefined ? [] : difference(end.difference)),
      line(isFine ? quiet(last) : bad(last)),
    ].join('')
  }

  return {
    show(entry) {
      switch (entry.type) {
        case 'step-start': {
          steps.set(entry.execution, { step: entry, trail: createTrail(), saysPruned: false })
          const place = onOneLine(words.place(entry))
          const answers = Object.entries(entry.answers ?? {}).map(([name, value]) => quietLine(`  ${name} = ${value}`))
          return [line(`\r\n${lead('▸')} ${strong(onOneLine(entry.title))} ${quiet(place)}`), ...answers].join('')
        }
        case 'output': {
          const open = steps.get(entry.execution)
          if (open === undefined) return ''
          return entry.pruned ? pruned(open) : output(open, entry.text)
        }
        case 'output-omitted':
          return quietLine(`… ${words.leftOut(entry.bytes)}`)
        case 'step-end':
          return ending(entry)
        case 'note':
          return quietLine(words.note(entry.text))
        case 'run-end':
        case 'run-abandoned':
          return line(`\r\n${strong(onOneLine(words.runEnding(entry)))}`)
        case 'run-start': {
          const { runbook, operator } = entry
          const place = onOneLine(`· ${runbook.path} · ${operator.name}`)
          return line(`${strong(onOneLine(runbook.title || runbook.path))} ${quiet(place)}`)
        }
        case 'act':
          return ''
      }
    },
  }
}

/** What a step may have left switched on in the terminal, which the next one must not inherit. */
interface Trail {
  follow(text: string): void
  leave(): string
}

function createTrail(): Trail {
  let any = false
  let alternate = false
  return {
    follow(text) {
      if (!text.includes('\x1b')) return
      any = true
      const [entered, left] = [text.lastIndexOf('\x1b[?1049h'), text.lastIndexOf('\x1b[?1049l')]
      if (entered !== left) alternate = entered > left
    },
    leave: () => `${alternate ? '\x1b[?1049l' : ''}${any ? `${plainAgain}\x1b[?25h` : ''}`,
  }
}

const plainAgain = '\x1b[0m'
const strong = (text: string) => `\x1b[1m${text}\x1b[22m`
const colour = (code: number, text: string) => `\x1b[${code}m${text}\x1b[39m`
const quiet = (text: string) => colour(90, text)
const good = (text: string) => colour(32, text)
const bad = (text: string) => colour(31, text)
const lead = (text: string) => colour(36, text)

/** A title or note of a record is data: it moves no cursor. */
function onOneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ')
}
