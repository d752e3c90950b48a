import * as vscode from 'vscode'
import type { Answer, Question, RunEvent } from '../execution/event.ts'
import { executionProblemSentence } from '../wording/execution-problems.ts'
import { doneWord, outcomeSymbol, outcomeWord } from '../wording/outcomes.ts'
import { duration, t } from './language.ts'

/** What the operator does in the terminal of a run. */
export interface TerminalActions {
  cancel(): void
  /** The terminal was closed. */
  close(): void
  question(): Question | undefined
  answer(answer: Answer): void
}

export interface RunTerminal extends vscode.Disposable {
  show(): void
  handle(event: RunEvent): void
  /** Puts a question before the operator: the keys of the terminal answer it. */
  ask(question: Question): void
  /** One quiet line of Baton's own. */
  say(line: string): void
  /** The run is over: the terminal stays for reading, and closing it ends nothing. */
  ended(): void
}

const dim = (text: string) => `\x1b[2m${text}\x1b[22m`
const bold = (text: string) => `\x1b[1m${text}\x1b[22m`
const colour = (code: number, text: string) => `\x1b[${code}m${text}\x1b[39m`

// The shell integration sequences that VS Code documents: they give each step its mark, "previous command" and "copy output".
const mark = (sequence: string) => `\x1b]633;${sequence}\x07`
const escapeMark = (text: string) =>
  text.replace(/[\\;\p{Cc}]/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)

/** A terminal of the run's own: it shows the one stream of events, and its keys answer what the run asks. */
export function openRunTerminal(name: string, actions: TerminalActions): RunTerminal {
  const written = new vscode.EventEmitter<string>()
  let waiting: string[] | undefined = []
  let isOver = false
  let note: string | undefined

  const write = (text: string) => {
    if (waiting) waiting.push(text)
    else written.fire(text)
  }
  const line = (text: string) => write(`${text}\r\n`)
  let atLineStart = true
  const freshLine = () => {
    if (!atLineStart) write('\r\n')
    atLineStart = true
  }

  function typed(data: string): void {
    const question = actions.question()
    if (note !== undefined) typeNote(data)
    else if (data === '\x03') actions.cancel()
    else if (question?.kind === 'manual' || question?.kind === 'confirm') {
      if (data === '\r') actions.answer({ kind: 'done' })
      else if (data === 's') actions.answer({ kind: 'skip' })
      else if (data === 'f' && question.kind === 'manual') actions.answer({ kind: 'fail' })
      else if (data === 'n' && question.kind === 'manual') {
        note = ''
        write(`${t('Note')}: `)
      }
    } else if (question?.kind === 'decision') {
      const choice = question.choices[Number(data) - 1]
      if (choice) actions.answer({ kind: 'choice', target: choice.target })
    }
  }

  function typeNote(data: string): void {
    for (const character of data) {
      if (character === '\r') {
        const text = note ?? ''
        note = undefined
        line('')
        actions.answer({ kind: 'done', note: text })
      } else if (character === '\x03' || character === '\x1b') {
        note = undefined
        line('')
      } else if (character === '\x7f') {
        const last = [...(note ?? '')].at(-1)
        if (last === undefined) continue
        note = (note ?? '').slice(0, -last.length)
        // A full-width character takes two cells: drawing the line anew needs no width table.
        write(`\r\x1b[K${t('Note')}: ${note}`)
      } else if (character >= ' ') {
        note = (note ?? '') + character
        write(character)
      }
    }
  }

  const terminal = vscode.window.createTerminal({
    name,
    iconPath: new vscode.ThemeIcon('run-all'),
    isTransient: true,
    pty: {
      onDidWrite: written.event,
      open() {
        for (const text of waiting ?? []) written.fire(text)
        waiting = undefined
      },
      close() {
        if (!isOver) actions.close()
      },
      handleInput: typed,
    },
  })

  return {
    show: () => terminal.show(true),
    say: (text) => {
      freshLine()
      line(dim(text))
    },
    ended() {
      isOver = true
    },
    ask(question) {
      freshLine()
      for (const text of questionLines(question)) line(text)
    },
    handle(event) {
      switch (event.type) {
        case 'run-started':
          return line(
            `${bold(event.run.runbook.title)} ${dim(`· ${event.run.runbook.path} · ${event.run.operator.name}`)}`,
          )
        case 'step-started': {
          freshLine()
          const { step } = event
          const place = [step.procedure, step.shell, `${event.step.line}`].filter(Boolean).join(' · ')
          write(mark('A'))
          line(`\r\n${colour(36, '▸')} ${bold(step.title)} ${dim(place)}${mark('B')}`)
          write(mark(`E;${escapeMark(step.text)}`) + mark('C'))
          return
        }
        case 'output':
          atLineStart = event.text.endsWith('\n')
          return write(event.text.replace(/\r?\n/g, '\r\n'))
        case 'waiting':
          return
        case 'step-ended': {
          freshLine()
          const isFine = event.outcome === 'succeeded' || event.outcome === 'skipped'
          const words = [
            `${outcomeSymbol(event.outcome)} ${event.isDone === undefined ? outcomeWord(event.outcome, t) : doneWord(event.isDone, t)}`,
            event.exitCode && event.isDone === undefined ? t('exit code {0}', event.exitCode) : '',
            duration(event.durationMs),
            event.note ?? '',
          ].filter(Boolean)
          if (event.problem) line(colour(31, executionProblemSentence(event.problem, t)))
          line(isFine ? dim(words.join(' · ')) : colour(31, words.join(' · ')))
          // A check that found nothing has an exit code and is no failure.
          return write(mark(`D;${isFine ? 0 : event.exitCode || 1}`))
        }
        case 'note':
          freshLine()
          return line(dim(`${t('Note')}: ${event.text}`))
        case 'run-ended':
          return
      }
    },
    dispose() {
      isOver = true
      terminal.dispose()
      written.dispose()
    },
  }
}

function questionLines(question: Question): string[] {
  switch (question.kind) {
    case 'manual':
      return [
        // The step's header has said its first line already.
        ...(question.text === question.title ? [] : question.text.split('\n')).map((text) => `  ${text}`),
        colour(33, `  ${t('Enter: done · n: done with a note · s: skip · f: failed · Ctrl+C: stop')}`),
      ]
    case 'confirm':
      return [
        ...question.text.split('\n').map((text) => `  ${text}`),
        colour(33, `  ${t('Run this step? Enter: run · s: skip · Ctrl+C: stop')}`),
      ]
    case 'decision':
      return [
        ...question.choices.map((choice, index) => `  ${bold(String(index + 1))} ${choice.label}`),
        colour(33, `  ${t('Type the number of the way to go · Ctrl+C: stop')}`),
      ]
  }
}
