import type { TextEdit } from '../../runbook/declare-secret.ts'
import type { CommandStep, Runbook } from '../../runbook/runbook.ts'
import { familyOf, quotingAt } from './quoting.ts'
import { linesOfMarkdown } from './text-lines.ts'

/**
 * The comment that says of a line that it holds no secret, where one can stand there; undefined where it would become a part
 * of something.
 * @param line zero-based
 */
export function excuseLine(text: string, runbook: Runbook, line: number): TextEdit | undefined {
  const lines = linesOfMarkdown(text)
  const at = lines[line]
  if (at === undefined) return undefined
  const end = at.start + at.text.trimEnd().length
  const behind = (comment: string) => ({ start: end, end, text: ` ${comment}` })
  if (at.context.kind === 'prose') return behind('<!-- secretlint-disable-line -->')
  if (at.context.kind === 'data')
    return /[|>][-+\d]*$/.test(at.text.trim()) ? undefined : behind('# secretlint-disable-line')
  const step = runbook.steps.find(
    (one): one is CommandStep =>
      one.kind === 'command' && line >= one.textLine && line < one.textLine + one.text.split('\n').length,
  )
  const family = step && familyOf(step.shell)
  if (step === undefined || family === undefined || family === 'cmd') return undefined
  const scriptStart = lines[step.textLine]?.start ?? 0
  const quoting = quotingAt(text.slice(scriptStart, end), end - scriptStart, family)
  // A command that goes on in the next line would end with the comment.
  if (quoting.kind !== 'none' || /[\\`]$/.test(text.slice(0, end))) return undefined
  return behind(`${family === 'node' ? '//' : '#'} secretlint-disable-line`)
}
