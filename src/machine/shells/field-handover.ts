import type { StepRequest } from '../../execution/shells.ts'
import { withChanges } from './json-handover.ts'
import { type Handover, lastHandover } from './shell.ts'

/**
 * What a shell hands on, in fields that end with NUL: a letter that says what it is, a name, `=` and a value, any bytes but
 * NUL. `e` is a variable of the environment, `s` one that was set or changed, `u` one that is gone, `d` the folder, `v` and
 * `f` a variable and a function in the shell's own words.
 */
export interface Field {
  readonly kind: string
  readonly name: string
  readonly value: string
}

/** @returns the fields of the last complete handover; `syntax-error` where the text did not parse */
export const readFields = (bytes: Buffer): readonly Field[] | 'syntax-error' | undefined => {
  const handover = lastHandover(bytes)?.toString()
  if (handover === undefined || handover === 'syntax') return handover && 'syntax-error'
  return handover.split('\0').map((field) => {
    const sign = field.indexOf('=')
    const border = sign < 0 ? field.length : sign
    return { kind: field.slice(0, 1), name: field.slice(1, border), value: field.slice(border + 1) }
  })
}

/** Name and value of every field of a kind. */
export const entriesOf = (fields: readonly Field[], kind: string): readonly (readonly [string, string])[] =>
  fields.filter((field) => field.kind === kind).map(({ name, value }) => [name, value])

/** The folder that was handed on. */
export const folderOf = (fields: readonly Field[]): string | undefined =>
  fields.find(({ kind }) => kind === 'd')?.value || undefined

/** For interpreters that say what the step changed: see `readJsonHandover`. */
export const readChanges = (bytes: Buffer, request: StepRequest): Handover | undefined => {
  const fields = readFields(bytes)
  if (fields === 'syntax-error') return { kind: 'syntax-error' }
  if (!fields) return undefined
  const gone = new Set(entriesOf(fields, 'u').map(([name]) => name))
  return {
    kind: 'state',
    env: withChanges(request.state.env, Object.fromEntries(entriesOf(fields, 's')), gone),
    cwd: folderOf(fields) ?? request.state.cwd,
  }
}
