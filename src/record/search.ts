import { looseText, looseWords } from '../runbook/loose-text.ts'
import type { RecordSummary } from './summary.ts'
import type { SearchedTexts } from './text-index.ts'

/** For each word whether it is there. */
type Hits = readonly boolean[]

/** Looks for words in what records hold: commands, notes, and the names of runbooks and people. */
export interface RecordSearch {
  /** Looks through records that come in pieces. */
  push(summaries: readonly RecordSummary[], index: SearchedTexts): void
  /** Whether a record has been found: by what is in it, or in a note that was written to it later. */
  isFound(record: RecordSummary): boolean
}

/** Every word has to be somewhere in the record, whatever its case and width. With no word, every record is found. */
export function createRecordSearch(text: string): RecordSearch {
  const words = looseWords(text)
  const paths = new Set<string>()
  /** Ids of the runs that found notes are about. */
  const noted = new Set<string>()
  /** Which words a text holds, by its key: the same commands stand in very many records. */
  const known = new Map<string, Hits>()
  /** The same of the names of a runbook or a person, of which the records of a list share one object. */
  const named = new Map<object, Hits>()

  function hitsIn(text: string): Hits {
    const loose = looseText(text)
    return words.map((word) => loose.includes(word))
  }

  function hitsOf({ keys, text }: SearchedTexts): readonly Hits[] {
    return keys.map((key, index) => {
      const before = known.get(key)
      if (before !== undefined) return before
      const hits = hitsIn(text(index))
      known.set(key, hits)
      return hits
    })
  }

  function hitsInName(of: object, ...names: readonly string[]): Hits {
    const before = named.get(of)
    if (before !== undefined) return before
    const hits = hitsIn(names.join(' '))
    named.set(of, hits)
    return hits
  }

  function namesOf(record: RecordSummary): readonly Hits[] {
    if (record.outcome === 'unreadable') return [hitsIn(record.path)]
    const { operator } = record
    const ofOperator = hitsInName(operator, operator.name)
    if (!('runbook' in record) || record.runbook === undefined) return [ofOperator]
    const { runbook } = record
    return [ofOperator, hitsInName(runbook, runbook.title, runbook.path)]
  }

  return {
    push(summaries, index) {
      const hits = hitsOf(index)
      for (const [at, record] of summaries.entries()) {
        const own = index.of[at] ?? []
        let names: readonly Hits[] | undefined
        const isFound = words.every((_, word) => {
          if (own.some((text) => hits[text]?.[word])) return true
          names ??= namesOf(record)
          return names.some((name) => name[word])
        })
        if (!isFound) continue
        paths.add(record.path)
        if (record.outcome === 'act' && record.about) noted.add(record.about.run)
      }
    },
    isFound: (record) => paths.has(record.path) || ('id' in record && noted.has(record.id)),
  }
}
