import type { Runbook } from './runbook.ts'
import type { Range } from './source.ts'

const start = { line: 0, character: 0, offset: 0 }

/** What stands for a file that could not be read as a runbook: no steps, and one problem, at its start unless a place is known. */
export function unreadRunbook(code: 'file-too-slow' | 'file-not-text', range: Range = { start, end: start }): Runbook {
  return {
    kind: 'document',
    title: '',
    frontmatter: { parameters: [], secrets: [] },
    procedures: [],
    steps: [],
    prerequisites: [],
    // A note in another encoding may lie beside the runbooks; one that was a runbook must not vanish without a word.
    problems: [{ code, severity: code === 'file-not-text' ? 'warning' : 'error', range, values: {} }],
  }
}

/** Whether another try could end otherwise: being too slow is a matter of the computer and of the moment. */
export function isTransient(runbook: Runbook): boolean {
  return runbook.problems[0]?.code === 'file-too-slow'
}
