import type { Procedure, Runbook, Step } from './runbook.ts'

/** The Markdown around the steps of a runbook, for showing one step at a time. */
export interface Prose {
  /** What stands before the first procedure: what the runbook is about. */
  readonly intro: string
  /** By step id. */
  readonly steps: ReadonlyMap<string, StepProse>
}

export interface StepProse {
  /** What leads to the step. */
  readonly before: string
  /** What follows it and leads to no other step: what to do with what it brought. */
  readonly after: string
}

const titleLine = /^ {0,3}#[ \t]/
const headingLine = /^ {0,3}#{1,6}(?:[ \t]|$)/

/**
 * Divides what stands between the steps. Where a procedure begins in between, what stands before its heading still belongs to
 * the step above, as does a section that has no steps. The headings of procedures and the title are left out: whoever
 * shows a step says where it is.
 * @param text the file that `runbook` was read from
 */
export function proseOf(text: string, runbook: Runbook): Prose {
  const lines = text.split(/\r\n|\n|\r/)
  const headings = headingLinesOf(runbook.procedures)
  const start = runbook.frontmatter.range ? lineAfter(runbook.frontmatter.range) : 0
  const title = lines.findIndex((line, index) => index >= start && titleLine.test(line))
  const isLeftOut = (line: number) => headings.has(line) || line === title

  const textOf = (from: number, until: number) =>
    lines
      .slice(from, Math.max(from, until))
      .filter((_, index) => !isLeftOut(from + index))
      .join('\n')
      .trim()
  const firstLine = (from: number, until: number, isWanted: (line: number) => boolean) => {
    for (let line = from; line < until; line++) if (isWanted(line)) return line
    return undefined
  }

  const found = new Map<string, { before: string; after: string }>()
  let from = start
  let intro = ''
  let above: { before: string; after: string } | undefined
  for (const step of runbook.steps) {
    const until = step.range.start.line
    const procedure = firstLine(from, until, (line) => headings.has(line))
    const heading = firstLine(from, until, (line) => headingLine.test(lines[line] ?? ''))
    const cut = procedure ?? (above === undefined ? from : (heading ?? from))
    if (above === undefined) intro = textOf(from, cut)
    else above.after = textOf(from, cut)
    above = { before: textOf(cut, until), after: '' }
    found.set(step.id, above)
    from = Math.max(from, lineAfterStep(step))
  }
  if (above !== undefined) above.after = textOf(from, lines.length)
  return { intro, steps: found }
}

function headingLinesOf(procedures: readonly Procedure[]): ReadonlySet<number> {
  const all = (list: readonly Procedure[]): number[] =>
    list.flatMap(({ headingRange: { start, end }, procedures: deeper }) => {
      const count = end.line - start.line + (end.character > 0 ? 1 : 0)
      return [...Array.from({ length: Math.max(1, count) }, (_, index) => start.line + index), ...all(deeper)]
    })
  return new Set(all(procedures))
}

/** What a command is expected to print is part of it. */
function lineAfterStep(step: Step): number {
  const end = lineAfter(step.range)
  if (step.kind !== 'command' || step.expectedOutput === undefined) return end
  return Math.max(end, lineAfter(step.expectedOutput.range))
}

function lineAfter({ end }: Step['range']): number {
  return end.character === 0 ? end.line : end.line + 1
}
