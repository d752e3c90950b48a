import type { CarriedState, StepRequest } from '../../execution/shells.ts'
import { carriedEnvironment, layered } from './environment.ts'
import type { Marker } from './process-step.ts'
import { type Answer, counted } from './session-message.ts'

/** The environment of a live session, which is told what other shells of its run changed and tells what it changed itself. */
export interface SessionState {
  /** The fields of a `run` message: a step, and how the environment differs from what the session last had. */
  message(request: StepRequest, marker: Marker, mark: string): readonly string[]
  carried(request: StepRequest, answer: Answer): CarriedState
}

/** @param initial what the session's process started with */
export const sessionState = (initial: Readonly<Record<string, string>>, platform: NodeJS.Platform): SessionState => {
  let seen = initial
  return {
    message: (request, marker, mark) => {
      const { env } = request.state
      const set = Object.fromEntries(Object.entries(env).filter(([name, value]) => seen[name] !== value))
      const unset = Object.keys(seen).filter((name) => env[name] === undefined)
      seen = env
      return [
        mark,
        request.errors,
        request.place.file,
        String(request.place.line),
        request.cwd ?? request.state.cwd,
        request.text,
        ...counted({ ...set, [marker.name]: marker.value }),
        String(unset.length),
        ...unset,
        ...counted(request.grants),
      ]
    },
    carried: (request, answer) => {
      const unset = new Set(answer.unset)
      const kept = Object.entries(request.state.env).filter(([name]) => !unset.has(name))
      const after = layered(Object.fromEntries(kept), answer.set, platform)
      const env = carriedEnvironment(after, request.state.env, request.grants, platform)
      seen = env
      return { ...request.state, env, cwd: answer.cwd }
    },
  }
}
