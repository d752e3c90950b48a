import type { FenceFact } from './facts.ts'
import type { AttributeProblem, FenceInfo } from './fence-attributes.ts'
import type { ExpectedOutput } from './runbook.ts'

/** What an `expected_similarity` comment asks of the block behind it: a share from 0 to 1, or a regular expression. */
export type Expectation =
  | { readonly match: 'similarity'; readonly similarity: number }
  | { readonly match: 'regex'; readonly pattern: string }

/** Source: InnovationEngine's `<!-- expected_similarity=0.8 -->` and `<!-- expected_similarity="pattern" -->`. */
export function readExpectation(comment: string): Expectation | undefined {
  // A pattern may hold quotes of its own: it ends at the one before the comment's end.
  const match = /<!--\s*expected_similarity\s*=\s*(?:"(.*?)"|'(.*?)'|([^\s"'>]+))\s*-->/.exec(comment)
  const written = match?.[1] ?? match?.[2] ?? match?.[3]
  if (written === undefined) return undefined
  const similarity = Number(written)
  if (written.trim() !== '' && similarity >= 0 && similarity <= 1) return { match: 'similarity', similarity }
  return { match: 'regex', pattern: written }
}

/** What a step should print, as the block behind it and the comment between say. */
export function expectedOutput(fence: FenceFact, info: FenceInfo, asked: Expectation | undefined): ExpectedOutput {
  const { text, range } = fence
  if (asked?.match === 'similarity') return { text, match: 'similarity', similarity: asked.similarity, range }
  if (asked?.match === 'regex') return { text: asked.pattern, match: 'regex', range }
  const { match = 'exact', similarity } = info.attributes.unknown
  if (match === 'similarity') return { text, match, similarity: shareOf(similarity) ?? usualShare, range }
  return { text, match: match === 'contains' || match === 'regex' ? match : 'exact', range }
}

/** What an output block asks for that there is not: nobody must take it for something weaker, or stronger. */
export function expectationProblems({ attributes: { unknown } }: FenceInfo): readonly AttributeProblem[] {
  const { match = 'exact', similarity } = unknown
  const wrong = (key: string, value: string, expected: string) =>
    [{ code: 'attribute-invalid-value', values: { key, value, expected } }] as const
  if (!matches.includes(match)) return wrong('match', match, matches.join(', '))
  if (similarity !== undefined && shareOf(similarity) === undefined) return wrong('similarity', similarity, '0.8')
  return []
}

const matches: readonly string[] = [
  'exact',
  'contains',
  'regex',
  'similarity',
] satisfies readonly ExpectedOutput['match'][]

/** What InnovationEngine's own examples ask for most. */
const usualShare = 0.8

function shareOf(written: string | undefined): number | undefined {
  const share = Number(written ?? Number.NaN)
  return share >= 0 && share <= 1 ? share : undefined
}
