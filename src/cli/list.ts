import { basename, resolve } from 'node:path'
import type { Procedure, Step } from '../runbook/runbook.ts'
import { stepCount } from '../wording/outcomes.ts'
import { shellName } from '../wording/shell-names.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { isUnread, type ReadFile, readFolder, readRunbook, sentenceOfUnread } from './read-runbooks.ts'
import { styleFor } from './style.ts'

/** `baton list`: the runbooks of a folder, and under each one what `baton run` takes behind `#`. */
export async function list(folder: string, options: { readonly json?: true }, line: CommandLine): Promise<ExitCode> {
  const runbooks: ReadFile[] = []
  const path = resolve(line.cwd, folder)
  if ((await line.files.kindOf(path)) === 'file') runbooks.push(await readRunbook(folder, line))
  else {
    for await (const file of readFolder(path, line)) {
      if (file.runbook.kind === 'runbook') runbooks.push(file)
      if (isUnread(file)) line.err.write(`${plain(file.shown)}: ${sentenceOfUnread(line)}\n`)
    }
  }
  if (options.json) line.out.write(`${JSON.stringify(runbooks.map(jsonOf), null, 2)}\n`)
  else print(runbooks, line)
  return exitCodes.fine
}

function print(runbooks: readonly ReadFile[], line: CommandLine): void {
  const { t, locale, out } = line
  const style = styleFor(out)
  if (runbooks.length === 0) {
    line.err.write(`${t('There is no runbook here. A Markdown file with one ```sh block is one already.')}\n`)
  }
  for (const { shown, path, runbook } of runbooks) {
    const title = plain(runbook.title || basename(path))
    out.write(`${style.strong(plain(shown))}  ${title}  ${style.quiet(stepCount(runbook.steps.length, t, locale))}\n`)
    for (const { name, from } of runbook.frontmatter.secrets) {
      if (from !== undefined) out.write(`  ${style.quiet(t('{0} is printed by: {1}', name, plain(from)))}\n`)
    }
    for (const step of runbook.steps) {
      out.write(`  #${plain(step.id)}  ${plain(step.title)}  ${style.quiet(kindOf(step, line))}\n`)
    }
  }
}

function kindOf(step: Step, { t }: CommandLine): string {
  switch (step.kind) {
    case 'command':
      return shellName(step.shell)
    case 'manual':
      return t('by hand')
    case 'decision':
      return t('decision')
  }
}

function jsonOf({ shown, path, runbook }: ReadFile) {
  const { title, frontmatter } = runbook
  const { owner, schedule, estimate, byHand, urgency, importance, audience, reviewed } = frontmatter
  return {
    path: shown,
    title: title || basename(path),
    owner,
    schedule,
    estimateMs: estimate,
    byHandMs: byHand,
    urgency,
    importance,
    audience,
    reviewed,
    parameters: frontmatter.parameters.map(({ range: _, ...parameter }) => parameter),
    secrets: frontmatter.secrets.map(({ name }) => name),
    secretCommands: Object.fromEntries(
      frontmatter.secrets.flatMap(({ name, from }) => (from === undefined ? [] : [[name, from]])),
    ),
    procedures: proceduresOf(runbook.procedures),
    steps: runbook.steps.map((step) => ({
      id: step.id,
      kind: step.kind,
      title: step.title,
      line: step.range.start.line + 1,
      procedure: step.procedureId,
      shell: step.kind === 'command' ? step.shell : undefined,
    })),
  }
}

function proceduresOf(procedures: readonly Procedure[]): { id: string; title: string; level: number }[] {
  return procedures.flatMap(({ id, title, level, procedures: below }) => [{ id, title, level }, ...proceduresOf(below)])
}
