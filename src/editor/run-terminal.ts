import * as vscode from 'vscode'
import type { Answer, Question, RunEvent } from '../execution/event.ts'
import type { TerminalSize } from '../execution/shells.ts'
import { t } from './language.ts'
import { createRunTranscript } from './run-transcript.ts'
import { shortTitle } from './short-title.ts'
import { meaningOfKey, questionLines } from './terminal-question.ts'

/** What the operator does in the terminal of a run. */
export interface TerminalActions {
  cancel(): void
  /** The terminal was closed. */
  close(): void
  question(): Question | undefined
  answer(answer: Answer): void
  /** Shows what is to be approved as a diff. */
  showChanges(): void
  /** Keys for the program that runs. */
  type(keys: string): void
  resize(size: TerminalSize): void
}

export interface RunTerminal extends vscode.Disposable {
  /** Brings it to the front; with `focus` what is typed goes there. */
  show(focus?: boolean): void
  handle(event: RunEvent): void
  /** Puts a question before the operator: the keys of the terminal answer it. */
  ask(question: Question): void
  /** One quiet line of Baton's own. */
  say(line: string): void
  /** The run is over: the terminal stays for reading, and closing it ends nothing. */
  ended(): void
}

/** A key that was meant for something else must not approve what nobody has seen yet. */
function glanceMs({ kind }: Question): number {
  return kind === 'approve' ? 500 : 0
}

/** A terminal of the run's own: it shows the one stream of events, and its keys answer what the run asks. */
export function openRunTerminal(name: string, actions: TerminalActions): RunTerminal {
  const written = new vscode.EventEmitter<string>()
  let waiting: string[] | undefined = []
  let isOver = false
  let note: string | undefined
  let askedAt = 0

  const write = (text: string) => {
    if (waiting) waiting.push(text)
    else written.fire(text)
  }
  const transcript = createRunTranscript(write)

  function typed(data: string): void {
    const question = actions.question()
    if (note !== undefined) typeNote(data)
    else if (question === undefined && transcript.isInteractive()) actions.type(data)
    else if (data === '\x03') actions.cancel()
    else if (question !== undefined) answerWith(question, data)
  }

  function answerWith(question: Question, data: string): void {
    const meaning = meaningOfKey(question, data)
    if (meaning === undefined || Date.now() - askedAt < glanceMs(question)) return
    if (meaning.kind === 'show-changes') actions.showChanges()
    else if (meaning.kind !== 'write-note') actions.answer(meaning)
    else {
      note = ''
      write(`${t('Note')}: `)
    }
  }

  function typeNote(data: string): void {
    for (const character of data) {
      if (character === '\r') {
        const text = note ?? ''
        note = undefined
        write('\r\n')
        actions.answer({ kind: 'done', note: text })
      } else if (character === '\x03' || character === '\x1b') {
        note = undefined
        write('\r\n')
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

  const resize = (size: vscode.TerminalDimensions | undefined) => {
    if (size) actions.resize({ columns: size.columns, rows: size.rows })
  }
  const terminal = vscode.window.createTerminal({
    name: shortTitle(name),
    iconPath: new vscode.ThemeIcon('run-all'),
    isTransient: true,
    pty: {
      onDidWrite: written.event,
      open(size: vscode.TerminalDimensions | undefined) {
        for (const text of waiting ?? []) written.fire(text)
        waiting = undefined
        resize(size)
      },
      close() {
        if (!isOver) actions.close()
      },
      handleInput: typed,
      setDimensions: resize,
    },
  })

  return {
    show: (focus = false) => terminal.show(!focus),
    say: transcript.say,
    ended() {
      isOver = true
    },
    ask(question) {
      askedAt = Date.now()
      transcript.lines(questionLines(question, t))
    },
    handle: transcript.handle,
    dispose() {
      isOver = true
      transcript.dispose()
      terminal.dispose()
      written.dispose()
    },
  }
}
