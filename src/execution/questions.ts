import type { Answer, Question } from './event.ts'
import type { RunPorts } from './run-api.ts'

/**
 * Puts one question after the other: a program that runs beside the steps may ask while a step does.
 * @returns answers `cancel` when the signal aborts while a question waits for its turn
 */
export function inTurn(ask: RunPorts['ask']): RunPorts['ask'] {
  let before: Promise<unknown> = Promise.resolve()
  return (question: Question, signal: AbortSignal) => {
    const answer = before.then((): Answer | Promise<Answer> =>
      signal.aborted ? { kind: 'cancel' } : ask(question, signal),
    )
    before = answer.catch(() => undefined)
    return answer
  }
}
