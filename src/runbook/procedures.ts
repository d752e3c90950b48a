import type { Heading } from './headings.ts'
import type { Procedure, Step } from './runbook.ts'
import type { Position } from './source.ts'

interface Open {
  readonly heading: Heading
  readonly procedures: Procedure[]
}

/**
 * The procedures of a file: sections that hold steps, hung below one another as their headings are ranked.
 * @param end where the file ends
 */
export function buildProcedures(
  sections: readonly Heading[],
  steps: readonly Step[],
  end: Position,
): readonly Procedure[] {
  const stepIds = new Map<string, string[]>()
  for (const { procedureId, id } of steps) {
    if (procedureId === undefined) continue
    const ids = stepIds.get(procedureId)
    if (ids) ids.push(id)
    else stepIds.set(procedureId, [id])
  }
  const outermost: Procedure[] = []
  const open: Open[] = []

  function close(at: Position): void {
    const last = open.pop()
    if (last === undefined) return
    const { heading, procedures } = last
    const own = stepIds.get(heading.id) ?? []
    if (own.length === 0 && procedures.length === 0) return
    const { id, title, level } = heading
    const range = { start: heading.range.start, end: at }
    const siblings = open.at(-1)?.procedures ?? outermost
    siblings.push({ id, title, level, headingRange: heading.range, range, stepIds: own, procedures })
  }

  for (const heading of sections) {
    while ((open.at(-1)?.heading.level ?? 0) >= heading.level) close(heading.range.start)
    open.push({ heading, procedures: [] })
  }
  while (open.length > 0) close(end)
  return outermost
}
