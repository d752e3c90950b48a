import type * as vscode from 'vscode'
import type { Answer, Question } from '../execution/event.ts'
import type { Translate } from '../wording/translate.ts'

/**
 * The answers to an open question, as they stand above a step: the one that it is about, or another one that the same answer
 * is for. Empty above any other step.
 */
export function lensesOfQuestion(
  uri: vscode.Uri,
  question: Question,
  stepId: string,
  t: Translate,
): readonly vscode.Command[] {
  const answer = (title: string, value: Answer, askNote = false) => command(title, 'baton.answer', uri, value, askNote)
  const stop = command(t('$(debug-stop) Stop'), 'baton.cancel', uri)
  if (question.kind === 'approve') return approval(uri, question, stepId, stop, t)
  if (question.stepId !== stepId) return []
  switch (question.kind) {
    case 'manual':
      return [
        answer(t('$(check) Done'), { kind: 'done' }),
        answer(t('Note'), { kind: 'done' }, true),
        command(t('Attach'), 'baton.attach', uri),
        answer(t('Skip'), { kind: 'skip' }),
        answer(t('Fail'), { kind: 'fail' }, true),
        stop,
      ]
    case 'decision':
      return [
        ...question.choices.map(({ label, target }) => answer(`$(arrow-right) ${label}`, { kind: 'choice', target })),
        stop,
      ]
    case 'confirm':
      return [answer(t('$(check) Yes, run it'), { kind: 'done' }), answer(t('Skip'), { kind: 'skip' }), stop]
    case 'undo':
      return [
        answer(undoTitle(question.steps.length, t), { kind: 'done' }),
        answer(t('Leave as it is'), { kind: 'skip' }),
      ]
    case 'input':
      return [command(t('$(keyboard) Waits for your input'), ''), stop]
  }
}

function undoTitle(steps: number, t: Translate): string {
  return steps === 1 ? t('$(discard) Undo 1 step') : t('$(discard) Undo {0} steps', steps)
}

function approval(
  uri: vscode.Uri,
  { steps }: Question & { kind: 'approve' },
  stepId: string,
  stop: vscode.Command,
  t: Translate,
): readonly vscode.Command[] {
  const texts = steps.filter((candidate) => candidate.stepId === stepId)
  if (texts.length === 0) return []
  const title = steps.length === 1 ? t('$(check) Approve and run') : t('$(check) Approve all {0} and run', steps.length)
  return [
    command(title, 'baton.answer', uri, { kind: 'done' } satisfies Answer, false),
    ...(texts.every(({ previous }) => previous === undefined)
      ? []
      : [command(t('$(diff) Changes'), 'baton.step.showApproval', uri, stepId)]),
    stop,
  ]
}

function command(title: string, id: string, ...args: readonly unknown[]): vscode.Command {
  return { title, command: id, arguments: [...args] }
}
