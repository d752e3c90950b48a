import { shellName } from './shell-names.ts'
import type { Translate } from './translate.ts'

/** What a shell says of a step that it cannot read, with who says it. */
export function syntaxErrorSentence(shell: string, message: string, t: Translate): string {
  return t('{0} cannot read this step: {1}', shellName(shell), message)
}
