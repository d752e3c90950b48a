import { resolve } from 'node:path'
import type { Answer, Attachment, Question } from '../execution/event.ts'
import type { RunPorts } from '../execution/run-api.ts'
import type { RunRecord } from '../execution/run-site.ts'
import { formatBytes } from '../wording/byte-sizes.ts'
import { executionProblemSentence } from '../wording/execution-problems.ts'
import { plain } from './plain.ts'
import type { CommandLine, Prompt } from './ports.ts'
import { deceptionLines, questionLines } from './question-text.ts'
import { styleFor } from './style.ts'
import { typedKey } from './typed-key.ts'

/** Answers for a run: typed where somebody is there; else what is done without them is said. */
export function questionsOfRun(isConfirmed: boolean, attach: RunRecord['attach'], line: CommandLine): RunPorts['ask'] {
  return async (question, signal) => {
    const answer = isConfirmed ? confirmed(question, line) : undefined
    if (answer !== undefined) return answer
    return line.prompt === undefined
      ? unattended(question, line)
      : attended(question, signal, line.prompt, attach, line)
  }
}

/** What `--yes` has answered already. */
function confirmed(question: Question, line: CommandLine): Answer | undefined {
  const { t, err } = line
  switch (question.kind) {
    case 'confirm':
      return { kind: 'done' }
    case 'approve':
      err.write(`${t('Texts that were never run here before, let run by --yes: {0}', question.steps.length)}\n`)
      for (const { secret, text } of question.steps) {
        if (secret !== undefined) err.write(`${t('{0} is printed by: {1}', secret, plain(text))}\n`)
      }
      for (const text of question.steps.flatMap(({ deceptions }) => deceptionLines(deceptions, line))) {
        err.write(`${text}\n`)
      }
      return { kind: 'done' }
    case 'input':
      return question.preset === undefined ? undefined : { kind: 'text', value: question.preset }
    case 'manual':
    case 'decision':
    case 'undo':
      return undefined
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
    case 'undo': {
      const names = question.steps.map(({ undo }) => `#${plain(undo.stepId)}`).join(' ')
      err.write(`${t('What ran stays as it is. These steps would undo it: {0}', names)}\n`)
      return { kind: 'skip' }
    }
    case 'input':
      if (question.capturedBy === undefined) {
        err.write(`${t('Nobody is here to answer “{0}”: {1}', title, plain(question.prompt.trim()))}\n`)
      }
      return { kind: 'cancel' }
    case 'approve':
    case 'confirm':
      return { kind: 'cancel' }
  }
}

async function attended(
  question: Question,
  signal: AbortSignal,
  prompt: Prompt,
  attach: RunRecord['attach'],
  line: CommandLine,
): Promise<Answer> {
  const { err } = line
  const attachments: Attachment[] = []
  const withAttachments = (answer: Answer): Answer =>
    answer.kind === 'choice' || answer.kind === 'text' ? answer : { ...answer, attachments }
  const lines = questionLines(question, line).map((text) => `${text}\n`)
  if (question.kind === 'input') return inputFor(question, lines.join(''), signal, prompt)
  err.write(lines.join(''))
  const hint = styleFor(err).notice(`  ${hintFor(question, line)} `)
  for (;;) {
    const typed = await prompt.line(hint, signal)
    if (typed === undefined) return withAttachments({ kind: 'cancel' })
    const answer = meaningOf(typedKey(typed), question)
    if (answer === undefined) continue
    if (answer === 'attach') {
      const path = await prompt.line(`  ${line.t('File to attach')}: `, signal)
      if (path === undefined) return withAttachments({ kind: 'cancel' })
      if (path.trim() !== '') attachments.push(...(await attached(path.trim(), attach, line)))
      continue
    }
    if (answer !== 'note' && answer.kind !== 'fail') return withAttachments(answer)
    const note = await prompt.line(`  ${line.t('Note')}: `, signal)
    if (note === undefined) return withAttachments({ kind: 'cancel' })
    return withAttachments({ kind: answer === 'note' ? 'done' : 'fail', note })
  }
}

/** What could not be attached is said, and asked for again. */
async function attached(path: string, attach: RunRecord['attach'], line: CommandLine): Promise<readonly Attachment[]> {
  // Dragged into a terminal, a path comes in quotes.
  const file = resolve(line.cwd, path.replace(/^(['"])(.*)\1$/, '$2'))
  const attaching = await attach({ kind: 'file', path: file })
  const style = styleFor(line.err)
  if (attaching.kind === 'refused') {
    line.err.write(`  ${style.bad(plain(executionProblemSentence(attaching.problem, line.t)))}\n`)
    return []
  }
  const { name, bytes } = attaching.attachment
  line.err.write(`  ${style.quiet(line.t('Attached: {0} ({1})', plain(name), formatBytes(bytes, line.locale)))}\n`)
  return [attaching.attachment]
}

/** @param lines what is asked; shown together with the prompt, so that a password typed at once is not echoed */
async function inputFor(
  { hidden, preset }: Extract<Question, { kind: 'input' }>,
  lines: string,
  signal: AbortSignal,
  prompt: Prompt,
): Promise<Answer> {
  const shown = hidden || !preset ? '' : ` [${plain(preset)}]`
  const typed = await (hidden ? prompt.hidden(`${lines}  > `, signal) : prompt.line(`${lines}  >${shown} `, signal))
  if (typed === undefined) return { kind: 'cancel' }
  return { kind: 'text', value: typed === '' ? (preset ?? '') : typed }
}

function hintFor(question: Exclude<Question, { kind: 'input' }>, { t }: CommandLine): string {
  switch (question.kind) {
    case 'manual':
      return t('Enter: done · n: done with a note · a: attach a file · s: skip · f: failed · Ctrl+C: stop')
    case 'confirm':
      return t('Run this step? Enter: run · s: skip · Ctrl+C: stop')
    case 'decision':
      return t('Type the number of the way to go · s: skip · Ctrl+C: stop')
    case 'approve':
      return t('Enter: run · Ctrl+C: stop')
    case 'undo':
      return t('Enter: undo all of them · s: leave everything as it is')
  }
}

/** Undefined: ask again. */
function meaningOf(
  typed: string,
  question: Exclude<Question, { kind: 'input' }>,
): Answer | 'note' | 'attach' | undefined {
  const { kind } = question
  if (typed === 's' && kind !== 'approve') return { kind: 'skip' }
  if (kind === 'decision') {
    const choice = /^\d+$/.test(typed) ? question.choices[Number(typed) - 1] : undefined
    return choice && { kind: 'choice', target: choice.target }
  }
  if (typed === '') return { kind: 'done' }
  if (kind !== 'manual') return undefined
  if (typed === 'n') return 'note'
  if (typed === 'a') return 'attach'
  return typed === 'f' ? { kind: 'fail' } : undefined
}
