import type { DigestReader, FileStamp } from '../../record/digest-block.ts'
import type { Digest, RecordSummary } from '../../record/summary.ts'
import { type SearchedTexts, textIndex } from '../../record/text-index.ts'
import type { Segment } from './segment.ts'
import { type FolderStamp, isSameFile } from './stamp.ts'

/** What is known of the records directly in one folder. */
export interface FolderState {
  /** Missing where the folder could not be listed. */
  stamp?: FolderStamp
  /** That the blocks are from. */
  segment?: Segment
  /** Names of the folders in it. */
  folders: readonly string[]
  blocks: readonly DigestReader[]
  /** What was read since the blocks were made, by path. */
  readonly newer: Map<string, Known | 'gone'>
}

/** `stamp` is missing where the file could not be read: then it is tried again. */
export interface Known {
  readonly digest: Digest
  readonly stamp?: FileStamp
}

export function emptyFolder(): FolderState {
  return { folders: [], blocks: [], newer: new Map() }
}

/** Takes over a segment, and keeps what was read apart from it. */
export function adoptSegment(state: FolderState, segment: Segment): void {
  const { stamp, folders, blocks } = segment
  state.segment = segment
  state.stamp = stamp
  state.folders = folders
  state.blocks = blocks
  if (state.newer.size === 0) return
  const stamps = stampsOf(state)
  for (const [path, known] of state.newer) {
    const inSegment = stamps.get(path)
    const isSame =
      known === 'gone'
        ? inSegment === undefined
        : known.stamp !== undefined && inSegment !== undefined && isSameFile(known.stamp, inSegment)
    if (isSame) state.newer.delete(path)
  }
}

/** The stamps of the files in the blocks, by path. */
function stampsOf({ blocks }: FolderState): Map<string, FileStamp> {
  const stamps = new Map<string, FileStamp>()
  for (const block of blocks) {
    const files = block.files()
    for (const [index, { path }] of block.summaries.entries()) {
      const stamp = files[index]
      if (stamp !== undefined) stamps.set(path, stamp)
    }
  }
  return stamps
}

/** Of all records that are known, and of those that are known to be gone. */
export function pathsIn({ blocks, newer }: FolderState): readonly string[] {
  return [...new Set([...blocks.flatMap(({ summaries }) => summaries.map(({ path }) => path)), ...newer.keys()])]
}

/** The same with what was read since. */
export function newestStampsOf(state: FolderState): Map<string, FileStamp> {
  const stamps = stampsOf(state)
  for (const [path, known] of state.newer) {
    if (known === 'gone' || known.stamp === undefined) stamps.delete(path)
    else stamps.set(path, known.stamp)
  }
  return stamps
}

/** Another text means that files are others. */
export function stampText(state: FolderState): string {
  return JSON.stringify([...newestStampsOf(state)].sort(([a], [b]) => (a < b ? -1 : 1)))
}

export function summariesOf({ blocks, newer }: FolderState): readonly RecordSummary[] {
  const inBlocks = blocks.flatMap(({ summaries }) => summaries)
  if (newer.size === 0) return inBlocks
  const others = digestsAmong(newer).map(({ summary }) => summary)
  return [...inBlocks.filter(({ path }) => !newer.has(path)), ...others]
}

/** How a record hangs together with others, and who has not closed it yet. */
export type LinkedRecord = Pick<Digest, 'summary' | 'head' | 'parents' | 'openOn'>

/** Block by block, because each takes a moment. */
export function* linksOf({ blocks, newer }: FolderState): Generator<readonly LinkedRecord[]> {
  for (const block of blocks) {
    const files = block.files()
    yield block.summaries.flatMap((summary, index) => {
      const file = files[index]
      return file === undefined || newer.has(summary.path) ? [] : [{ ...file, summary }]
    })
  }
  yield digestsAmong(newer)
}

/** What a search looks through. */
export interface SearchedRecords {
  readonly summaries: readonly RecordSummary[]
  /** Which texts each of them has. */
  readonly index: SearchedTexts
}

export function* searchedRecordsOf({ blocks, newer }: FolderState): Generator<SearchedRecords> {
  for (const block of blocks) {
    const index = block.texts()
    if (newer.size === 0) {
      yield { summaries: block.summaries, index }
      continue
    }
    const isShown = block.summaries.map(({ path }) => !newer.has(path))
    const summaries = block.summaries.filter((_, at) => isShown[at])
    const of = index.of.filter((_, at) => isShown[at])
    yield { summaries, index: { keys: index.keys, text: index.text, of } }
  }
  const digests = digestsAmong(newer)
  yield { summaries: digests.map(({ summary }) => summary), index: textIndex(digests) }
}

function digestsAmong(newer: FolderState['newer']): readonly Digest[] {
  return [...newer.values()].flatMap((known) => (known === 'gone' ? [] : [known.digest]))
}

/** How many records there are at most. */
export function recordsIn(states: Iterable<FolderState>): number {
  let count = 0
  for (const { blocks, newer } of states) {
    count += newer.size + blocks.reduce((sum, { summaries }) => sum + summaries.length, 0)
  }
  return count
}
