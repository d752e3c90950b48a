import { stepAfter, wayThrough } from '../execution/walk.ts'
import type { Runbook } from '../runbook/runbook.ts'
import type { GuidePlace, StepStanding } from '../webview/guide/messages.ts'

type Standings = Readonly<Record<string, StepStanding>>

/** The steps on the way, with the choices of this run. */
export function wayOf(runbook: Runbook, standings: Standings): readonly string[] {
  const choices = Object.entries(standings).flatMap(([id, { choice }]) => (choice === undefined ? [] : [[id, choice]]))
  return wayThrough(runbook, new Map(choices.map(([id = '', choice = '']) => [id, choice])))
}

/** The place, or the beginning where the runbook has that step no more. */
export function placeIn(runbook: Runbook, place: GuidePlace): GuidePlace {
  const isThere = place.kind !== 'step' || runbook.steps.some(({ id }) => id === place.stepId)
  return isThere ? place : { kind: 'start' }
}

/** What comes after a place; undefined after the end. */
export function placeAfter(place: GuidePlace, runbook: Runbook, standings: Standings): GuidePlace | undefined {
  switch (place.kind) {
    case 'end':
      return undefined
    case 'start':
      return placeOf(wayOf(runbook, standings)[0])
    case 'step': {
      const { outcome, choice } = standings[place.stepId] ?? {}
      const isFailure = outcome === 'failed' || outcome === 'timed-out'
      return placeOf(stepAfter(runbook, place.stepId, { isFailure, ...(choice === undefined ? {} : { choice }) }))
    }
  }
}

function placeOf(stepId: string | undefined): GuidePlace {
  return stepId === undefined ? { kind: 'end' } : { kind: 'step', stepId }
}

/** Whether everything on the way was done or left out on purpose. */
export function isThrough(runbook: Runbook, standings: Standings): boolean {
  return wayOf(runbook, standings).every((id) => {
    const outcome = standings[id]?.outcome
    return outcome === 'succeeded' || outcome === 'skipped'
  })
}
