import { looseText, looseWords } from '../runbook/loose-text.ts'
import type { TextIndex } from './digest-block.ts'
import type { RecordSummary } from './summary.ts'

/** Looks for words in what records hold: commands, notes, and the names of runbooks and people. */
export interface RecordSearch {
  /** Looks through records that come in pieces. */
  push(summaries: readonly RecordSummary[], index: TextIndex): void
  /** Whether a record has been found: by what is in it, or in a note that was written to it later. */
  isFound(record: RecordSummary): boolean
}

/** Every word has to be somewhere in the record, whatever its case and width. With no word, every record is found. */
export function createRecordSearch(text: string): RecordSearch {
  const words = looseWords(text)
  const paths = new Set<string>()
  /** Ids of the runs that found notes are about. */
  const noted = new Set<string>()
  /** Which words a text holds: the same names and commands stand in very many records. */
  const known = new Map<string, readonly boolean[]>()

  function hitsIn(text: string): readonly boolean[] {
    const before = known.get(text)
    if (before !== undefined) return before
    const loose = looseText(text)
    const hits = words.map((word) => loose.includes(word))
    known.set(text, hits)
    return hits
  }

  function nameOf(record: RecordSummary): string {
    if (record.outcome === 'unreadable') return record.path
    const runbook = 'runbook' in record ? `${record.runbook.title} ${record.runbook.path} ` : ''
    return `${runbook}${record.operator.name}`
  }

  return {
    push(summaries, { texts, of }) {
      const hits = texts.map(hitsIn)
      for (const [index, record] of summaries.entries()) {
        const own = of[index] ?? []
        const isFound = words.every((_, word) => own.some((text) => hits[text]?.[word]) || hitsIn(nameOf(record))[word])
        if (!isFound) continue
        paths.add(record.path)
        if (record.outcome === 'act' && record.about) noted.add(record.about.run)
      }
    },
    isFound: (record) => paths.has(record.path) || ('id' in record && noted.has(record.id)),
  }
}
