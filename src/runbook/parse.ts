import { assembleRunbook } from './assemble.ts'
import { readFacts } from './facts.ts'
import type { Problem } from './problem.ts'
import type { Runbook } from './runbook.ts'

/**
 * Reads a Markdown file. Never throws: what is wrong is in `problems`, each with its place.
 * @param text the whole file; a byte order mark is no part of it, and offsets count behind one
 */
export function parseRunbook(text: string): Runbook {
  const plain = withoutMark(text)
  try {
    return assembleRunbook(plain, readFacts(plain, true).facts)
  } catch (error) {
    // Containers nested thousands deep exhaust the stack of any parser that recurses.
    if (error instanceof RangeError) return unreadable('file-too-slow')
    throw error
  }
}

export function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

/** What stands for a file that cannot be read as a runbook: a document without steps, with the reason at its beginning. */
export function unreadable(code: Extract<Problem['code'], 'file-too-slow' | 'file-not-text'>): Runbook {
  const start = { line: 0, character: 0, offset: 0 }
  return {
    kind: 'document',
    title: '',
    frontmatter: { parameters: [], secrets: [] },
    procedures: [],
    steps: [],
    prerequisites: [],
    problems: [{ code, severity: 'warning', range: { start, end: start }, values: {} }],
  }
}
