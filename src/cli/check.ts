import { resolve } from 'node:path'
import type { Problem } from '../runbook/problem.ts'
import { runbookProblemSentence } from '../wording/runbook-problems.ts'
import type { Translate } from '../wording/translate.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { type ReadFile, readFolder, readRunbook } from './read-runbooks.ts'
import { styleFor } from './style.ts'

/** `baton check`: every problem of the runbooks, one a line, in the form that editors and CI jump from. */
export async function check(
  names: readonly string[],
  options: { readonly json?: true },
  line: CommandLine,
): Promise<ExitCode> {
  const files: ReadFile[] = []
  for (const name of names.length === 0 ? ['.'] : names) {
    const path = resolve(line.cwd, name)
    if ((await line.files.kindOf(path)) === 'folder') {
      // Other Markdown has its own rules: it is looked at when it is named.
      for await (const file of readFolder(path, line)) if (file.runbook.kind === 'runbook') files.push(file)
    } else {
      files.push(await readRunbook(name, line))
    }
  }
  const found = files.flatMap((file) => file.runbook.problems.map((problem) => ({ file, problem })))
  const errors = found.filter(({ problem }) => problem.severity === 'error').length
  if (options.json) {
    line.out.write(
      `${JSON.stringify(
        found.map(({ file, problem }) => jsonOf(file, problem, line.t)),
        null,
        2,
      )}\n`,
    )
  } else {
    print(found, line)
    line.err.write(`${summary(files.length, found.length, errors, line)}\n`)
  }
  return errors > 0 ? exitCodes.failed : exitCodes.fine
}

function print(found: readonly { file: ReadFile; problem: Problem }[], { t, out }: CommandLine): void {
  const style = styleFor(out)
  const paint = { error: style.bad, warning: style.notice, information: style.quiet }
  for (const { file, problem } of found) {
    const { line, character } = problem.range.start
    const word = paint[problem.severity](severityWord(problem.severity, t))
    out.write(
      `${plain(file.shown)}:${line + 1}:${character + 1} ${word} ${plain(runbookProblemSentence(problem, t))}\n`,
    )
  }
}

function severityWord(severity: Problem['severity'], t: Translate): string {
  switch (severity) {
    case 'error':
      return t('error')
    case 'warning':
      return t('warning')
    case 'information':
      return t('information')
  }
}

function summary(files: number, problems: number, errors: number, { t, locale }: CommandLine): string {
  const plural = new Intl.PluralRules(locale)
  const number = (value: number) => new Intl.NumberFormat(locale).format(value)
  const counted = plural.select(files) === 'one' ? t('{0} runbook', number(files)) : t('{0} runbooks', number(files))
  if (problems === 0) return t('{0}: nothing to report.', counted)
  return t('{0}: {1} errors, {2} other remarks.', counted, number(errors), number(problems - errors))
}

function jsonOf({ shown }: ReadFile, problem: Problem, t: Translate) {
  const { start, end } = problem.range
  return {
    file: shown,
    line: start.line + 1,
    column: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
    severity: problem.severity,
    code: problem.code,
    values: problem.values,
    message: runbookProblemSentence(problem, t),
  }
}
