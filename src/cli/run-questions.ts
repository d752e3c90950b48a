import type { Answer, Question } from '../execution/event.ts'
import type { RunPorts } from '../execution/run-api.ts'
import { plain } from './plain.ts'
import type { CommandLine, Prompt } from './ports.ts'
import { styleFor } from './style.ts'

/** Answers for a run: typed where somebody is there; else what is done without them is said. */
export function questionsOfRun(isConfirmed: boolean, line: CommandLine): RunPorts['ask'] {
  return async (question, signal) => {
    if (question.kind === 'confirm' && isConfirmed) return { kind: 'done' }
    return line.prompt === undefined ? unattended(question, line) : attended(question, signal, line.prompt, line)
  }
}

function unattended(question: Question, { t, err }: CommandLine): Answer {
  const title = plain(question.title)
  switch (question.kind) {
    case 'manual':
      err.write(`${t('Nobody is here to do “{0}” by hand: it is recorded as skipped.', title)}\n`)
      return { kind: 'skip' }
    case 'decision':
      err.write(`${t('Nobody is here to decide “{0}”: it is recorded as skipped, with all its ways.', title)}\n`)
      return { kind: 'skip' }
    case 'confirm':
      return { kind: 'cancel' }
  }
}

async function attended(question: Question, signal: AbortSignal, prompt: Prompt, line: CommandLine): Promise<Answer> {
  const { err } = line
  const style = styleFor(err)
  for (const text of linesOf(question)) err.write(`  ${text}\n`)
  const hint = style.notice(`  ${hintFor(question, line)} `)
  for (;;) {
    const typed = await prompt.line(hint, signal)
    if (typed === undefined) return { kind: 'cancel' }
    const answer = meaningOf(typed.trim().toLowerCase(), question)
    if (answer === undefined) continue
    if (answer !== 'note' && answer.kind !== 'fail') return answer
    const note = await prompt.line(`  ${line.t('Note')}: `, signal)
    if (note === undefined) return { kind: 'cancel' }
    return { kind: answer === 'note' ? 'done' : 'fail', note }
  }
}

function linesOf(question: Question): readonly string[] {
  if (question.kind === 'decision') return question.choices.map(({ label }, index) => `${index + 1} ${plain(label)}`)
  // The header of the step has said its title already.
  return question.text === question.title ? [] : question.text.split('\n').map(plain)
}

function hintFor(question: Question, { t }: CommandLine): string {
  switch (question.kind) {
    case 'manual':
      return t('Enter: done · n: done with a note · s: skip · f: failed · Ctrl+C: stop')
    case 'confirm':
      return t('Run this step? Enter: run · s: skip · Ctrl+C: stop')
    case 'decision':
      return t('Type the number of the way to go · s: skip · Ctrl+C: stop')
  }
}

/** Undefined: ask again. */
function meaningOf(typed: string, question: Question): Answer | 'note' | undefined {
  if (typed === 's') return { kind: 'skip' }
  if (question.kind === 'decision') {
    const choice = /^\d+$/.test(typed) ? question.choices[Number(typed) - 1] : undefined
    return choice && { kind: 'choice', target: choice.target }
  }
  if (typed === '') return { kind: 'done' }
  if (question.kind === 'confirm') return undefined
  if (typed === 'n') return 'note'
  return typed === 'f' ? { kind: 'fail' } : undefined
}
