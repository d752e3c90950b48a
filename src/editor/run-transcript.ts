import type { RunEvent } from '../execution/event.ts'
import { executionProblemSentence } from '../wording/execution-problems.ts'
import { stepEnding, stepPlace } from '../wording/terminal-lines.ts'
import { bytes, locale, t } from './language.ts'
import { createOutputGate, type OutputGate } from './output-gate.ts'
import { colouredDiff } from './terminal-diff.ts'
import { bold, cyan, dim, escapeMark, mark, red } from './terminal-style.ts'

type Started = Extract<RunEvent, { type: 'step-started' }>
type Ended = Extract<RunEvent, { type: 'step-ended' }>

/** A run as text for a terminal. */
export interface RunTranscript {
  handle(event: RunEvent): void
  lines(lines: readonly string[]): void
  /** One quiet line of Baton's own. */
  say(line: string): void
  /** An interactive step runs: keys are its own. */
  isInteractive(): boolean
  dispose(): void
}

interface Execution {
  readonly started: Started
  readonly gate: OutputGate
}

/** Puts the stream of a run's events into a terminal: a header for each step, its output, and how it ended. */
export function createRunTranscript(write: (text: string) => void): RunTranscript {
  const executions = new Map<number, Execution>()
  let atLineStart = true
  let hasText = false

  const line = (text: string) => {
    write(`${text}\r\n`)
    atLineStart = true
  }
  const freshLine = () => {
    if (!atLineStart) write('\r\n')
    atLineStart = true
  }
  // Lines end with a line feed in every event, those of a program at a terminal, too.
  const print = (text: string) => {
    atLineStart = text.endsWith('\n')
    write(text.replace(/\r?\n/g, '\r\n'))
  }

  /** What a background step prints stands between the lines of others, so each of its lines says whose it is. */
  function beside(title: string, text: string): void {
    freshLine()
    for (const printed of text.replace(/\r?\n$/, '').split(/\r?\n/)) line(`${dim(`${title} │`)} ${printed}`)
  }

  function writerOf({ step }: Started): (text: string) => void {
    return step.background ? (text) => beside(step.title, text) : print
  }

  function stepStarted(event: Started): void {
    freshLine()
    const { step } = event
    const gate = createOutputGate({
      write: writerOf(event),
      leftOut: (count) =>
        dim(t('… {0} are not shown here. The record keeps the first and the last part.', bytes(count))),
      after: (ms, callback) => {
        const timer = setTimeout(callback, ms)
        return () => clearTimeout(timer)
      },
    })
    executions.set(event.execution, { started: event, gate })
    const header = `\r\n${cyan('▸')} ${bold(step.title)} ${dim(stepPlace(step, t))}`
    // Where somebody is to type, VS Code would take marks for a shell's prompt, and write its hints and suggestions there.
    if (step.interactive) line(header)
    else {
      line(`${mark('A')}${header}${mark('B')}`)
      write(mark(`E;${escapeMark(step.text)}`) + mark('C'))
    }
    for (const [name, value] of Object.entries(step.answers ?? {})) line(dim(`  ${name} = ${value}`))
    if (step.interactive) line(dim(t('Type here. Ctrl+C goes to the program; “Stop” above the step ends it.')))
  }

  function stepEnded(event: Ended): void {
    const execution = executions.get(event.execution)
    execution?.gate.end()
    executions.delete(event.execution)
    freshLine()
    const isFine = event.outcome === 'succeeded' || event.outcome === 'skipped'
    const whose = execution?.started.step.background ? `${execution.started.step.title} · ` : ''
    const ending = `${whose}${stepEnding(event, t, locale)}`
    if (event.problem) line(red(executionProblemSentence(event.problem, t)))
    if (event.difference !== undefined) {
      line(dim(t('- expected · + printed')))
      for (const changed of colouredDiff(event.difference)) line(changed)
    }
    if (event.undecodable) {
      line(dim(t('{0} are no text and stand here as �.', bytes(event.undecodable.bytes))))
    }
    line(isFine ? dim(ending) : red(ending))
    // A check that found nothing has an exit code and is no failure.
    if (!execution?.started.step.interactive) write(mark(`D;${isFine ? 0 : event.exitCode || 1}`))
  }

  const say = (text: string) => {
    freshLine()
    line(dim(text))
  }

  return {
    say,
    lines(lines) {
      hasText = true
      freshLine()
      for (const text of lines) line(text)
    },
    isInteractive: () => [...executions.values()].some(({ started }) => started.step.interactive),
    handle(event) {
      switch (event.type) {
        case 'run-started': {
          const { runbook, operator } = event.run
          if (hasText) line('')
          return line(`${bold(runbook.title)} ${dim(`· ${runbook.path} · ${operator.name}`)}`)
        }
        case 'step-started':
          return stepStarted(event)
        case 'output':
          return executions.get(event.execution)?.gate.write(event.text)
        case 'echo':
          return print(event.text)
        case 'step-ended':
          return stepEnded(event)
        case 'note':
          return say(`${t('Note')}: ${event.text}`)
        case 'waiting':
        case 'run-ended':
          return
      }
    },
    dispose() {
      for (const { gate } of executions.values()) gate.end()
    },
  }
}
