import { excusedLines } from './directives.ts'
import type { CredentialHit } from './hit.ts'
import { ownHits } from './own-hits.ts'
import { type LineContext, linesOf, linesOfMarkdown, type TextLine } from './text-lines.ts'

/** Credentials in a text: the lines that hold them are tainted as a whole. */
export interface CredentialFinding {
  /** Zero-based, inclusive. */
  readonly firstLine: number
  readonly lastLine: number
  /** In the order of their places; at least one. */
  readonly hits: readonly CredentialHit[]
}

export interface CredentialScan {
  readonly findings: readonly CredentialFinding[]
  /** What stands in lines of which their author says that they hold no secret: it is none elsewhere either. */
  readonly excused: ReadonlySet<string>
}

/** Finds the formats that the credentials of known services have. */
export type KnownFormats = (text: string) => Promise<readonly CredentialHit[]>

export interface ScanOptions {
  /** What a text is as a whole; in `markdown` each line has a kind of its own. */
  readonly kind: 'markdown' | LineContext
  readonly knownFormats: KnownFormats
  /** Lets others do something, when a text is long. */
  readonly pause: () => Promise<void>
  /** Texts that are no secrets. */
  readonly excused?: ReadonlySet<string>
  /** Whether what the text says about itself counts (`secretlint-disable-line`): it does where a person wrote it. */
  readonly directives: boolean
}

/** So much is read at once; between two pieces others get their turn. */
const pieceLength = 64 * 1024

/** What our rules and the known formats find, once for each line. */
export async function findCredentials(text: string, options: ScanOptions): Promise<CredentialScan> {
  const { kind, knownFormats, pause, excused, directives } = options
  const lines = kind === 'markdown' ? linesOfMarkdown(text) : linesOf(text, kind)
  const hits: CredentialHit[] = []
  let isFirst = true
  for (const piece of inPieces(lines)) {
    if (!isFirst) await pause()
    isFirst = false
    hits.push(...ownHits(text, piece), ...(await formatsIn(text, piece, knownFormats)))
  }
  const isExcused = directives ? excusedLines(lines) : () => false
  const lineAt = lineFinder(lines)
  const credential = ({ start, end, value }: CredentialHit) => text.slice(value?.start ?? start, value?.end ?? end)
  const excusedHere = new Set<string>()
  const findings: { firstLine: number; lastLine: number; hits: CredentialHit[] }[] = []
  for (const hit of merged(hits)) {
    const [firstLine, lastLine] = [lineAt(hit.start), lineAt(Math.max(hit.start, hit.end - 1))]
    const before = findings.at(-1)
    if (isExcused(firstLine)) excusedHere.add(credential(hit))
    else if (excused?.has(credential(hit))) continue
    else if (before !== undefined && firstLine <= before.lastLine) {
      before.hits.push(hit)
      before.lastLine = Math.max(before.lastLine, lastLine)
    } else findings.push({ firstLine, lastLine, hits: [hit] })
  }
  return { findings, excused: excusedHere }
}

function* inPieces(lines: readonly TextLine[]): Generator<readonly TextLine[]> {
  let from = 0
  for (let at = 0; at < lines.length; at++) {
    const length = (lines[at + 1]?.start ?? Number.POSITIVE_INFINITY) - (lines[from]?.start ?? 0)
    if (length < pieceLength) continue
    yield lines.slice(from, at + 1)
    from = at + 1
  }
}

async function formatsIn(
  text: string,
  lines: readonly TextLine[],
  knownFormats: KnownFormats,
): Promise<readonly CredentialHit[]> {
  const [first, last] = [lines[0], lines.at(-1)]
  if (first === undefined || last === undefined) return []
  const { start } = first
  const hits = await knownFormats(text.slice(start, last.start + last.text.length))
  return hits.map((hit) => ({
    ...hit,
    start: hit.start + start,
    end: hit.end + start,
    ...(hit.value === undefined ? {} : { value: { start: hit.value.start + start, end: hit.value.end + start } }),
  }))
}

/** One hit for each place: of several the one that knows the value, and a known format before a password in general. */
function merged(hits: readonly CredentialHit[]): readonly CredentialHit[] {
  const rank = ({ kind, value }: CredentialHit) =>
    (value === undefined ? 4 : 0) + (kind === 'service' ? 0 : kind === 'password' ? 2 : 1)
  const kept: CredentialHit[] = []
  for (const hit of hits.toSorted((a, b) => a.start - b.start)) {
    const before = kept.at(-1)
    if (before === undefined || before.end <= hit.start) kept.push(hit)
    else if (rank(hit) < rank(before)) kept[kept.length - 1] = hit
  }
  return kept
}

function lineFinder(lines: readonly TextLine[]): (offset: number) => number {
  return (offset) => {
    let line = 0
    for (let above = lines.length; above - line > 1; ) {
      const middle = (line + above) >> 1
      if ((lines[middle]?.start ?? 0) <= offset) line = middle
      else above = middle
    }
    return line
  }
}
