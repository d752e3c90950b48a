import type { Problem } from './problem.ts'
import type { Position } from './source.ts'

/**
 * The first character that an input method makes of the one YAML asks for: `title：…`, `title:　…`, `-　…`, or an indentation
 * of full-width spaces. Of use only where the YAML could not be read: in a long text such characters may be meant.
 */
export function fullWidthProblem(yaml: string, positionOf: (offset: number) => Position): Problem | undefined {
  const colon = /^[ \t]*(?:- *)?(?:\{ *)?[\w-]+[ \u3000]*(?=：)/mu
  const space = /^(?: *(?=\u3000)| *-(?=\u3000)| *(?:- *)?[\w-]+:(?=\u3000))/mu
  const [at] = [colon, space]
    .flatMap((pattern) => {
      const match = pattern.exec(yaml)
      return match === null ? [] : [match.index + match[0].length]
    })
    .toSorted((a, b) => a - b)
  if (at === undefined) return undefined
  const range = { start: positionOf(at), end: positionOf(at + 1) }
  return { code: 'yaml-full-width', severity: 'error', range, values: { character: yaml[at] ?? '' } }
}
