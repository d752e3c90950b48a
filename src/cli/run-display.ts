import type { Outcome, RunEvent } from '../execution/event.ts'
import { formatDuration } from '../wording/durations.ts'
import { executionProblemSentence } from '../wording/execution-problems.ts'
import { outcomeSymbol, outcomeWord, stepCount } from '../wording/outcomes.ts'
import { shellName } from '../wording/shell-names.ts'
import { stepEnding } from '../wording/terminal-lines.ts'
import { unifiedDiffLines } from './line-diff.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import type { ReadFile } from './read-runbooks.ts'
import { shownPath } from './shown-path.ts'
import { type Style, styleFor } from './style.ts'

/** Shows a run as it goes. */
export interface RunDisplay {
  show(event: RunEvent): void
  /** The last word: where the record is. */
  close(recordPath: string | undefined): void
}

export function displayOf(file: ReadFile, options: { readonly json?: true }, line: CommandLine): RunDisplay {
  return options.json ? jsonDisplay(line) : textDisplay(file.shown, (path) => shownPath(path, line.cwd), line)
}

/** For programs: one JSON object a line, each event as it is in the run's stream, then the path of the record. */
function jsonDisplay({ out }: CommandLine): RunDisplay {
  const write = (object: object) => out.write(`${JSON.stringify(object)}\n`)
  return {
    show(event) {
      // What was typed is for the eye of who types it.
      if (event.type === 'echo') return
      if (event.type !== 'output' || event.kept === undefined) return write(event)
      const { kept, ...rest } = event
      write({ ...rest, text: kept })
    },
    close(path) {
      if (path !== undefined) write({ type: 'record', path })
    },
  }
}

/** For people: a quiet line above each step, what the step prints as it is, and one line at the end. */
function textDisplay(file: string, shownPath: (path: string) => string, line: CommandLine): RunDisplay {
  const { t, locale, out } = line
  const style = styleFor(out)
  const places = new Map<number, string>()
  let atLineStart = true
  let startedAt = 0
  let closing = ''

  const say = (text: string) => {
    // A step may end in the middle of a line, and with its colour on.
    const fresh = atLineStart ? '' : `${out.colours ? '\x1b[0m' : ''}\n`
    out.write(`${fresh}${text}\n`)
    atLineStart = true
  }

  return {
    show(event) {
      switch (event.type) {
        case 'run-started':
          startedAt = event.time
          return
        case 'step-started': {
          const { title, shell, line: at, attempt, background } = event.step
          places.set(event.execution, `${plain(file)}:${at}`)
          const details = [
            shell === undefined ? undefined : shellName(plain(shell)),
            places.get(event.execution),
            attempt === undefined ? undefined : t('try {0}', attempt),
            background ? t('in the background') : undefined,
          ]
          return say(style.quiet(`▸ ${plain(title)} · ${details.filter(Boolean).join(' · ')}`))
        }
        case 'echo':
        case 'output':
          atLineStart = event.text.endsWith('\n')
          return out.write(event.text)
        case 'step-ended': {
          if (event.problem) say(style.bad(plain(executionProblemSentence(event.problem, t))))
          for (const text of event.difference === undefined ? [] : unifiedDiffLines(event.difference, style)) say(text)
          // What a check found says why the next step is passed over.
          if (event.isDone !== undefined) return say(style.quiet(stepEnding(event, t, locale)))
          if (event.outcome === 'succeeded') return
          const details = [
            event.exitCode === undefined ? undefined : t('exit code {0}', event.exitCode),
            formatDuration(event.durationMs, t, locale),
            event.outcome === 'skipped' ? undefined : places.get(event.execution),
            event.note === undefined ? undefined : plain(event.note),
          ]
          return say(`${marked(event.outcome, style, line)} ${style.quiet(`· ${details.filter(Boolean).join(' · ')}`)}`)
        }
        case 'run-ended': {
          const steps = Object.values(event.counts).reduce((sum, count) => sum + count, 0)
          const duration = formatDuration(event.time - startedAt, t, locale)
          closing = `${marked(event.outcome, style, line)} · ${stepCount(steps, t, locale)} · ${duration}`
          return
        }
        case 'note':
        case 'waiting':
          return
      }
    },
    close(path) {
      if (closing !== '') say(path === undefined ? closing : `${closing} · ${shownPath(path)}`)
    },
  }
}

function marked(outcome: Outcome, style: Style, { t }: CommandLine): string {
  const text = `${outcomeSymbol(outcome)} ${outcomeWord(outcome, t)}`
  switch (outcome) {
    case 'succeeded':
      return style.good(text)
    case 'failed':
    case 'timed-out':
      return style.bad(text)
    case 'skipped':
    case 'cancelled':
      return style.notice(text)
  }
}
