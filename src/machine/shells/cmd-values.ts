import type { StepRequest } from '../../execution/shells.ts'
import { layered } from './environment.ts'

const usesDelayed = /![A-Za-z_][A-Za-z0-9_]*(:[^!\r\n]*)?!/

/**
 * Whether a text uses `!NAME!` without switching it on: it works in such steps, and elsewhere an exclamation mark stays what
 * it is.
 */
export const needsDelayedExpansion = (text: string): boolean => usesDelayed.test(text)

/** Whether `!` may mean something to cmd in this text. */
const mayExpandDelayed = (text: string): boolean => usesDelayed.test(text) || /\benabledelayedexpansion\b/i.test(text)

/** What cmd has of itself and computes anew each time: the folder. */
const foldersOfItself = ['CD', '__CD__']

/**
 * cmd puts `%NAME%`, `%NAME:~0,3%` and `%NAME:a=b%` into the line before it reads the line: a value can end the command and
 * begin another. `!NAME!` is put in afterwards and cannot. `%%NAME%%` counts as a use, since `call` and another cmd put the
 * value in.
 * @returns the first variable that the text uses so and whose value cmd would not take as plain text
 */
export const unsafeVariable = (request: StepRequest): string | undefined => {
  const text = request.text.toUpperCase()
  const isUsed = (name: string) => text.includes(`%${name.toUpperCase()}%`) || text.includes(`%${name.toUpperCase()}:`)
  const special = mayExpandDelayed(request.text) ? /[&|<>^%!"\r\n]/ : /[&|<>^%"\r\n]/
  const unsafe = ([name, value]: readonly [string, string]) =>
    // `)` ends a block; in a value that someone typed it is refused, in `Program Files (x86)` everyone lives with it.
    (special.test(value) || (Object.hasOwn(request.grants, name) && value.includes(')'))) && isUsed(name)
  const variables = Object.entries(layered(request.state.env, request.grants, 'win32'))
  const folder = request.cwd ?? request.state.cwd
  return [...variables, ...foldersOfItself.map((name) => [name, folder] as const)].find(unsafe)?.[0]
}
