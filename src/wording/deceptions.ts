import type { Deception } from '../execution/event.ts'
import type { Translate } from './translate.ts'

/** What is wrong with a character that deceives; `shown` is its code as it is to stand in the sentence. */
export function deceptionSentence(kind: Deception['kind'], shown: string, t: Translate): string {
  return kind === 'bidirectional'
    ? t('{0} turns the direction of the text: what is read is not what runs.', shown)
    : t('{0} cannot be seen: what is read is not what runs.', shown)
}
