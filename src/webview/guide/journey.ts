import type { GuideContent, GuidePlace, GuideProgress, GuideStep } from './messages.ts'

/** The steps that the page counts and shows as dots: those on the way, and the shown one wherever it stands. */
export function stepsOfJourney(content: GuideContent, { at, way }: GuideProgress): readonly GuideStep[] {
  const shown = new Set(way)
  if (at.kind === 'step') shown.add(at.stepId)
  return content.steps.filter(({ id }) => shown.has(id))
}

/** Where ← and → lead from the shown place; undefined where there is no further. */
export function neighbours(
  content: GuideContent,
  progress: GuideProgress,
): { readonly before: GuidePlace | undefined; readonly after: GuidePlace | undefined } {
  const places: readonly GuidePlace[] = [
    { kind: 'start' },
    ...stepsOfJourney(content, progress).map(({ id }) => ({ kind: 'step' as const, stepId: id })),
    { kind: 'end' },
  ]
  const index = places.findIndex((place) => isSamePlace(place, progress.at))
  return { before: index > 0 ? places[index - 1] : undefined, after: progress.next }
}

export function isSamePlace(one: GuidePlace, other: GuidePlace): boolean {
  return one.kind === 'step' ? other.kind === 'step' && one.stepId === other.stepId : one.kind === other.kind
}
