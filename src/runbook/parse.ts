import { assembleRunbook, createAssemblyMemory } from './assemble.ts'
import { chunksOfFile, factsOf } from './chunks.ts'
import type { Runbook } from './runbook.ts'
import { endOf } from './source.ts'
import { unreadRunbook } from './unread.ts'
import { tooHard } from './unreasonable.ts'

/**
 * Reads a Markdown file. Never throws: what is wrong is in `problems`, each with its place.
 * @param text the whole file; a byte order mark is no part of it, and offsets count behind one
 */
export function parseRunbook(text: string): Runbook {
  return guarded(withoutMark(text), (plain) => {
    const { facts, lines } = factsOf(chunksOfFile(plain))
    return assembleRunbook(plain, endOf(plain, lines), facts, createAssemblyMemory())
  })
}

/** What `read` makes of a text, unless no parser can read it in reasonable time. */
export function guarded(text: string, read: (text: string) => Runbook): Runbook {
  const hard = tooHard(text)
  if (hard !== undefined) return unreadRunbook('file-too-slow', hard)
  try {
    return read(text)
  } catch (error) {
    // What is nested thousands deep, over many lines or in the frontmatter, exhausts the stack of a parser that recurses.
    if (error instanceof RangeError) return unreadRunbook('file-too-slow')
    throw error
  }
}

export function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}
