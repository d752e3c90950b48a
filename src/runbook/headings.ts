import type { Fact } from './facts.ts'
import type { InlineReader } from './inline.ts'
import { createNames, slug } from './names.ts'
import type { Range } from './source.ts'

export interface Heading {
  /** Its anchor. */
  readonly id: string
  readonly title: string
  readonly level: number
  readonly range: Range
  /** It stands in no list or quote: what follows it belongs to it. */
  readonly isTop: boolean
}

/** All headings of a file, in order. */
export function readHeadings(facts: readonly Fact[], read: InlineReader): readonly Heading[] {
  const anchors = createNames()
  return facts.flatMap((fact): Heading[] => {
    if (fact.kind !== 'heading') return []
    const { level, range, isTop } = fact
    const title = read(fact.source).text
    return [{ id: anchors.take(slug(title) || 'section'), title, level, range, isTop }]
  })
}

/** The heading that names the whole file: the only one of its level, before every other. */
export function titleHeading(headings: readonly Heading[]): Heading | undefined {
  const [first, ...others] = headings
  if (first === undefined || first.level !== 1 || !first.isTop) return undefined
  return others.some(({ level, isTop }) => level === 1 && isTop) ? undefined : first
}

/** The anchor that a link `#target` means: escapes of URLs resolved and, as browsers on GitHub do, any case accepted. */
export function anchorOf(target: string, anchors: ReadonlySet<string>): string {
  const decoded = decode(target)
  if (anchors.has(decoded)) return decoded
  const lower = decoded.toLowerCase()
  return anchors.has(lower) ? lower : decoded
}

function decode(target: string): string {
  try {
    return decodeURIComponent(target)
  } catch {
    return target
  }
}
