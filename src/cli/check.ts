import { resolve } from 'node:path'
import { type RunbookSyntax, syntaxOfRunbook } from '../execution/syntax-of-runbook.ts'
import type { Problem } from '../runbook/problem.ts'
import { shellName } from '../wording/shell-names.ts'
import { syntaxErrorSentence } from '../wording/syntax-errors.ts'
import type { Translate } from '../wording/translate.ts'
import { credentialsIn, credentialsInRecords } from './check-credentials.ts'
import { missingPrerequisites } from './check-prerequisites.ts'
import { isSettingsFile, problemsOfSettings } from './check-settings.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { type Finding, findingOf } from './finding.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { isUnread, type ReadFile, readFolder, readRunbook } from './read-runbooks.ts'
import { styleFor } from './style.ts'

/** `baton check`: every problem of the runbooks, one a line, in the form that editors and CI jump from. Nothing runs. */
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
      for await (const file of readFolder(path, line)) {
        if (file.runbook.kind === 'runbook' || isUnread(file)) files.push(file)
      }
    } else if (!isSettingsFile(name)) {
      files.push(await readRunbook(name, line))
    }
  }
  const syntax = await Promise.all(files.map(({ runbook, text }) => syntaxOfRunbook(runbook, text, line.syntax)))
  const scans = await Promise.all(files.map(({ text }) => line.credentials.inMarkdown(text)))
  const links = await Promise.all(files.map((file) => missingPrerequisites(file, line)))
  const excused = new Set(scans.flatMap((scan) => [...scan.excused]))
  const places = names.length === 0 ? ['.'] : names
  const recorded = await credentialsInRecords(places, excused, line)
  const inFiles = files.map((file, n) =>
    [
      ...findingsIn(file, syntax[n], line.t),
      ...(links[n] ?? []),
      ...credentialsIn(file, scans[n]?.findings ?? [], line),
    ].toSorted((a, b) => a.start.line - b.start.line),
  )
  const settings = await problemsOfSettings(places, line)
  const found = [...inFiles.flat(), ...settings, ...recorded]
  const errors = found.filter(({ severity }) => severity === 'error').length
  const unchecked = syntax.flatMap((one) => one.unchecked.map(({ shell }) => shell))
  if (options.json) {
    const checked = files.flatMap((file, n) => [...(inFiles[n] ?? []), ...uncheckedIn(file, syntax[n], line.t)])
    const json = [...checked, ...settings, ...recorded]
    line.out.write(`${JSON.stringify(json.map(jsonOf), null, 2)}\n`)
  } else {
    print(found, line)
    line.err.write(
      files.length === 0 && found.length === 0 && !names.some(isSettingsFile)
        ? `${line.t('There is no runbook here. A Markdown file with one ```sh block is one already.')}\n`
        : `${summary(files.length, found.length, errors, line)}\n`,
    )
    for (const text of files.flatMap((file) => commandLines(file, line.t))) line.err.write(`${text}\n`)
    if (unchecked.length > 0) line.err.write(`${uncheckedSentence(unchecked, line)}\n`)
  }
  return errors > 0 ? exitCodes.failed : exitCodes.fine
}

function findingsIn({ shown, runbook }: ReadFile, syntax: RunbookSyntax | undefined, t: Translate): readonly Finding[] {
  const problems = runbook.problems.map((problem) => findingOf(shown, problem, t))
  const errors = (syntax?.errors ?? []).map(
    ({ step, line, start, end, message }): Finding => ({
      file: shown,
      start: { line, character: start },
      end: { line, character: end },
      severity: 'error',
      code: 'syntax-error',
      values: { shell: step.shell, detail: message },
      message: syntaxErrorSentence(step.shell, message, t),
    }),
  )
  return [...problems, ...errors]
}

function uncheckedIn({ shown }: ReadFile, syntax: RunbookSyntax | undefined, t: Translate): readonly Finding[] {
  return (syntax?.unchecked ?? []).map(({ shell, range }) => ({
    file: shown,
    ...range,
    severity: 'information',
    code: 'syntax-unchecked',
    values: { shell },
    message: t('Nothing here can read this step without running it ({0}).', shellName(shell)),
  }))
}

function print(found: readonly Finding[], { t, out }: CommandLine): void {
  const style = styleFor(out)
  const paint = { error: style.bad, warning: style.notice, information: style.quiet }
  for (const { file, start, severity, message } of found) {
    const word = paint[severity](severityWord(severity, t))
    out.write(`${plain(file)}:${start.line + 1}:${start.character + 1} ${word} ${plain(message)}\n`)
  }
}

/** Commands that print secrets: whoever reviews a runbook should see what will be run beside its steps. */
function commandLines({ shown, runbook }: ReadFile, t: Translate): readonly string[] {
  return runbook.frontmatter.secrets.flatMap(({ name, from, range }) =>
    from === undefined
      ? []
      : [`${plain(shown)}:${range.start.line + 1} ${t('{0} is printed by: {1}', name, plain(from))}`],
  )
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

function uncheckedSentence(shells: readonly string[], { t, locale }: CommandLine): string {
  const number = new Intl.NumberFormat(locale)
  const counts = [...Map.groupBy(shells, (shell) => shell)].map(
    ([shell, steps]) => `${plain(shellName(shell))} (${number.format(steps.length)})`,
  )
  const list = new Intl.ListFormat(locale, { type: 'unit' }).format(counts)
  return t('Not checked, since nothing here can read them without running them: steps in {0}.', list)
}

function jsonOf({ file, start, end, severity, code, values, message }: Finding) {
  return {
    file,
    line: start.line + 1,
    column: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
    severity,
    code,
    values,
    message,
  }
}
