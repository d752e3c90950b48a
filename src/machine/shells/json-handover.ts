import type { StepRequest } from '../../execution/shells.ts'
import { type Handover, inChunks, type Launch, type LaunchContext, lastHandover } from './shell.ts'

/** For interpreters that know JSON: the text and its place in the environment, where no limit of arguments holds. */
export const throughEnvironment = (request: StepRequest, { handover }: LaunchContext): Launch['env'] => ({
  ...inChunks('BATON_TEXT', request.text),
  BATON_FILE: request.place.file,
  BATON_LINE: String(request.place.line),
  ...(handover.kind === 'path' && { BATON_HANDOVER: handover.path }),
})

const isRecordOfStrings = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' && value !== null && Object.values(value).every((entry) => typeof entry === 'string')

/**
 * Reads `{"set": {…}, "unset": […], "cwd": "…"}`, or `{"syntax": true}` for a text that did not parse. Only what the step
 * itself changed counts: version managers such as pyenv put an environment of their own around an interpreter.
 */
export const readJsonHandover = (bytes: Buffer, request: StepRequest): Handover | undefined => {
  const handover = lastHandover(bytes)
  if (!handover) return undefined
  const { set, unset, cwd, syntax }: Readonly<Record<string, unknown>> = JSON.parse(handover.toString())
  if (syntax) return { kind: 'syntax-error' }
  if (!isRecordOfStrings(set) || !Array.isArray(unset)) return undefined
  return {
    kind: 'state',
    env: withChanges(request.state.env, set, new Set(unset)),
    cwd: typeof cwd === 'string' ? cwd : request.state.cwd,
  }
}

/** Python writes names in capitals on Windows, where `Path` and `PATH` are one; the spelling that was there stays. */
export const withChanges = (
  env: Readonly<Record<string, string>>,
  set: Readonly<Record<string, string>>,
  unset: ReadonlySet<unknown>,
): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !unset.has(name) && !(process.platform === 'win32' && unset.has(name.toUpperCase())),
    ),
  ),
  ...set,
})
