import type { StepExit, StepRequest } from '../../execution/shells.ts'
import type { Askpass } from './askpass.ts'

/** A step or its surroundings that name a program of their own know better. */
const ownChoice = /\b(?:SUDO|SSH|GIT)_ASKPASS/

/**
 * Carries out a step for which an operator answers what its programs ask. The variables by which they find the way are
 * for this step alone, as if they had been granted.
 * @param initial the environment that the run began with: what an earlier step put into it stays
 */
export const withAskpass = async (
  request: StepRequest,
  askpass: Askpass,
  initial: Readonly<Record<string, string>>,
  carryOut: (request: StepRequest) => Promise<StepExit>,
): Promise<StepExit> => {
  const { askPassword, keyboard, grants, state, text } = request
  if (!askPassword || keyboard || ownChoice.test(text)) return carryOut(request)
  const { env, end } = await askpass.lend(askPassword)
  try {
    const lent = Object.entries(env).filter(([name]) => state.env[name] === initial[name])
    return await carryOut({ ...request, grants: { ...Object.fromEntries(lent), ...grants } })
  } finally {
    end()
  }
}
