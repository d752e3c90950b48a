import { checkSecretValue } from '../secrets/secret-value.ts'
import { executionProblemSentence } from '../wording/execution-problems.ts'
import { plain } from './plain.ts'
import type { CommandLine, Prompt } from './ports.ts'
import { styleFor } from './style.ts'

/** The value of a secret, typed unseen, until it is one that may be kept. Undefined when the person withdrew. */
export async function promptForSecret(
  name: string,
  label: string | undefined,
  prompt: Prompt,
  { t, err }: Pick<CommandLine, 't' | 'err'>,
): Promise<string | undefined> {
  const style = styleFor(err)
  for (;;) {
    const value = await prompt.hidden(`${style.strong(label === undefined ? name : `${plain(label)} (${name})`)}: `)
    if (value === undefined) return undefined
    const wrong = checkSecretValue(value)
    if (wrong === undefined) return value
    err.write(`${style.bad(executionProblemSentence({ code: wrong, values: { name } }, t))}\n`)
  }
}
