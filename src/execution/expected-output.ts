import { createTwoFilesPatch } from 'diff'
import type { ExpectedOutput } from '../runbook/runbook.ts'

export type OutputComparison =
  | { readonly matches: true }
  | {
      readonly matches: false
      /** 0 to 1, for `similarity`. */
      readonly score?: number
      /** Unified, masked. */
      readonly difference: string
    }

/** Holds what a step printed against what its runbook expects. */
export function compareOutput(
  expected: ExpectedOutput,
  actual: string,
  mask: (text: string) => string,
): OutputComparison {
  const wanted = normal(expected.text)
  const came = normal(actual)
  if (matches(expected, wanted, came)) return { matches: true }
  const patch = createTwoFilesPatch('expected', 'output', `${mask(wanted)}\n`, `${mask(came)}\n`)
  return { matches: false, difference: patch.split('\n').slice(1).join('\n') }
}

function matches({ match }: ExpectedOutput, wanted: string, came: string): boolean {
  switch (match) {
    case 'exact':
    case 'similarity':
      return came === wanted
    case 'contains':
      return came.includes(wanted)
    case 'regex':
      return new RegExp(wanted, 'mu').test(came)
  }
}

function normal(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(/[ \t]+$/gm, '')
    .trimEnd()
}
