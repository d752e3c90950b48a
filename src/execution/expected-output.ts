import { RE2JS } from 're2js'
import type { ExpectedOutput } from '../runbook/runbook.ts'
import { unifiedDifference } from './difference.ts'
import { similarity } from './similarity.ts'
import { plainText } from './terminal-text.ts'

export type OutputComparison =
  | { readonly matches: true }
  | {
      readonly matches: false
      /** 0 to 1, for `similarity`. */
      readonly score?: number
      /** Unified, masked, at most 200 lines. */
      readonly difference: string
    }

/** How much of an output a regular expression looks at, in UTF-16 units: what is behind it is not found. */
const searchedLength = 256 * 1024

/**
 * Holds what a step printed against what its runbook expects. Colours, what a progress bar wrote over, the kind of the line
 * ends, blanks at the end of a line and empty lines around the whole count for nothing.
 *
 * @param actual not masked: a secret in it may be part of what is expected
 */
export function compareOutput(
  expected: ExpectedOutput,
  actual: string,
  mask: (text: string) => string,
): OutputComparison {
  const wanted = normal(expected.text)
  const came = normal(actual)
  const verdict = judge(expected, wanted, came)
  if (verdict.matches) return verdict
  const { fault, ...rest } = verdict
  // Masked as it came, and once more without the colours that may have stood inside of a secret.
  const shown = mask(normal(mask(actual)))
  return { ...rest, difference: unifiedDifference(mask(wanted), shown, fault === undefined ? undefined : mask(fault)) }
}

type Verdict =
  | { readonly matches: true }
  | { readonly matches: false; readonly score?: number; readonly fault?: string }

function judge({ match, similarity: share = 1 }: ExpectedOutput, wanted: string, came: string): Verdict {
  switch (match) {
    case 'exact':
      return { matches: came === wanted }
    case 'contains':
      return { matches: came.includes(wanted) }
    case 'regex':
      return searched(wanted, came)
    case 'similarity': {
      const score = similarity(wanted, came)
      return score >= share ? { matches: true } : { matches: false, score }
    }
  }
}

/**
 * RE2's syntax, as executable documents have it, and its time: linear in the length of the text, whatever the expression is.
 * `^` and `$` are the ends of lines.
 */
function searched(pattern: string, text: string): Verdict {
  try {
    return { matches: RE2JS.compile(pattern, RE2JS.MULTILINE).test(text.slice(0, searchedLength)) }
  } catch (error) {
    return { matches: false, fault: error instanceof Error ? error.message : String(error) }
  }
}

function normal(text: string): string {
  const lines = plainText(text)
    .split('\n')
    .map((line) => line.trimEnd())
  let end = lines.length
  while (end > 0 && lines[end - 1] === '') end -= 1
  const start = Math.max(
    0,
    lines.findIndex((line) => line !== ''),
  )
  return lines.slice(start, end).join('\n')
}
