import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'

/** Longer ones do not help, and a record keeps them. */
const linesLimit = 200
const lineLengthLimit = 1000

/** With more lines than this that differ, the shortest difference takes too long to find. */
const editsLimit = 1000

/**
 * What separates two texts, as a unified diff of at most 200 lines.
 *
 * @param fault what is wrong with `expected` itself: stands beside its name
 */
export function unifiedDifference(expected: string, actual: string, fault?: string): string {
  const from = withLineEnd(expected)
  const to = withLineEnd(actual)
  const patch =
    createTwoFilesPatch('expected', 'output', from, to, fault, undefined, {
      context: 3,
      headerOptions: FILE_HEADERS_ONLY,
      maxEditLength: editsLimit,
    }) ?? wholesale(from, to)
  const lines = patch.replace(/\n$/, '').split('\n')
  const shown = lines.length > linesLimit ? [...lines.slice(0, linesLimit - 1), '…'] : lines
  return shown.map(shortened).join('\n')
}

function withLineEnd(text: string): string {
  return text === '' ? '' : `${text}\n`
}

/** For texts that have little in common: each one's lines from the first that differs on. */
function wholesale(expected: string, actual: string): string {
  const [from, to] = [linesOf(expected), linesOf(actual)]
  let same = 0
  while (same < from.length && from[same] === to[same]) same += 1
  const half = linesLimit / 2 - 3
  const part = (sign: string, lines: readonly string[]) => {
    const some = lines.slice(same, same + half).map((line) => `${sign}${line}`)
    return lines.length > same + half ? [...some, `${sign}…`] : some
  }
  const ranges = `@@ -${same + 1},${from.length - same} +${same + 1},${to.length - same} @@`
  return ['--- expected', '+++ output', ranges, ...part('-', from), ...part('+', to)].join('\n')
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.slice(0, -1).split('\n')
}

function shortened(line: string): string {
  return line.length > lineLengthLimit ? `${line.slice(0, lineLengthLimit)}…` : line
}
