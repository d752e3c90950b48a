import type { Question } from '../execution/event.ts'
import type { Translate } from './translate.ts'

/** Why a value is asked for that a step would have captured. */
export function lostCaptureSentence(
  { title, prompt, capturedBy = '' }: Extract<Question, { kind: 'input' }>,
  t: Translate,
): string {
  return t(
    '“{0}” needs {1}, which the step “{2}” gives and which is kept nowhere. Type it, or stop and run that step first.',
    title,
    prompt,
    capturedBy,
  )
}
