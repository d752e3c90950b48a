import { useState } from 'preact/hooks'
import type { StepComparison } from '../../record/compare.ts'
import type { AboutFollowed, FollowedView, SignOffView } from './messages.ts'

/** What the page knows of the run that is followed. */
export interface Followed {
  readonly view: FollowedView
  readonly compared: Readonly<Record<string, StepComparison>>
  readonly signOff: SignOffView
  /** What was asked for last to be played back. */
  readonly played: Played | undefined
}

export type Played = Omit<Extract<AboutFollowed, { type: 'cast' }>, 'type'>

/** Undefined in a Guide in which no run is followed. */
export function useFollowed(): {
  readonly followed: Followed | undefined
  readonly receive: (message: AboutFollowed) => void
} {
  const [view, setView] = useState<FollowedView>()
  const [compared, setCompared] = useState<Followed['compared']>({})
  const [played, setPlayed] = useState<Played>()
  const [signOff, setSignOff] = useState<SignOffView>({ hasOwnRun: false })
  return {
    followed: view && { view, compared, signOff, played },
    receive(message) {
      switch (message.type) {
        case 'followed':
          return setView(message.followed)
        case 'compared':
          return setCompared(message.compared)
        case 'cast':
          return setPlayed(message)
        case 'sign-off':
          return setSignOff(message.signOff)
      }
    },
  }
}
