import { looseText, looseWords } from '../runbook/loose-text.ts'
import type { Procedure, Runbook, Step } from '../runbook/runbook.ts'

/** What of a runbook a filter leaves: all of it, or the steps that match. */
export type Visible = 'all' | ReadonlySet<string>

export interface TreeFilter {
  /** As it was typed. */
  readonly text: string
  /** Undefined when nothing of the runbook matches. `path` is what the tree shows it under. */
  visible(path: string, runbook: Runbook): Visible | undefined
}

/**
 * Keeps the runbooks whose path and title hold every word, and of others the steps that do, together with the titles of their
 * procedures. Letters match whatever their case and width. Undefined when there is no word.
 */
export function createTreeFilter(text: string): TreeFilter | undefined {
  const words = looseWords(text)
  if (words.length === 0) return undefined
  const holdsAll = (candidate: string) => {
    const folded = looseText(candidate)
    return words.every((word) => folded.includes(word))
  }
  // Runbooks are plain data that is replaced when it changes, so what was found for one stays true.
  const found = new Map<string, { readonly runbook: Runbook; readonly visible: Visible | undefined }>()
  const compute = (path: string, runbook: Runbook): Visible | undefined => {
    const own = `${path} ${runbook.title}`
    if (holdsAll(own)) return 'all'
    const headings = headingsByProcedure(runbook.procedures)
    const steps = runbook.steps.filter((step) =>
      holdsAll(`${own} ${headings.get(step.procedureId) ?? ''} ${nameOf(step)}`),
    )
    return steps.length > 0 ? new Set(steps.map((step) => step.id)) : undefined
  }
  return {
    text: text.trim(),
    visible(path, runbook) {
      const known = found.get(path)
      if (known?.runbook === runbook) return known.visible
      const visible = compute(path, runbook)
      found.set(path, { runbook, visible })
      return visible
    },
  }
}

function nameOf(step: Step): string {
  return step.named ? `${step.title} ${step.id}` : step.title
}

/** All headings above a step, in one text. */
function headingsByProcedure(procedures: readonly Procedure[], above = ''): Map<string | undefined, string> {
  const headings = new Map<string | undefined, string>()
  for (const procedure of procedures) {
    const own = `${above} ${procedure.title}`
    headings.set(procedure.id, own)
    for (const [id, text] of headingsByProcedure(procedure.procedures, own)) headings.set(id, text)
  }
  return headings
}
