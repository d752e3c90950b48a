import type { CommandStep, Runbook } from '../runbook/runbook.ts'
import type { SyntaxChecker, SyntaxProblem } from './syntax.ts'

/** What the shells say of a whole runbook. */
export interface RunbookSyntax {
  readonly errors: readonly SyntaxErrorInStep[]
  /** Steps that nothing here can read without running them. */
  readonly unchecked: readonly CommandStep[]
}

/** Zero-based, in UTF-16 units of the runbook's line; `end` is exclusive. */
export interface SyntaxErrorInStep {
  readonly step: CommandStep
  readonly line: number
  readonly start: number
  readonly end: number
  /** In the shell's own words. */
  readonly message: string
}

/**
 * Reads every command step and runs none.
 * @param text the file that `runbook` was parsed from
 */
export async function syntaxOfRunbook(
  runbook: Runbook,
  text: string,
  checker: SyntaxChecker,
  signal?: AbortSignal,
): Promise<RunbookSyntax> {
  const lines = text.split(/\r\n|\n|\r/)
  const steps = runbook.steps.filter((step) => step.kind === 'command')
  const found = await Promise.all(
    steps.map(async (step) => ({
      step,
      findings: await checker.check({ shell: step.shell, text: step.text, line: step.textLine + 1 }, signal),
    })),
  )
  return {
    errors: found.flatMap(({ step, findings }) =>
      findings.kind === 'checked' ? findings.problems.map((problem) => placed(problem, step, lines)) : [],
    ),
    unchecked: found.flatMap(({ step, findings }) => (findings.kind === 'unchecked' ? [step] : [])),
  }
}

/** A step's line is the end of the runbook's: it stands there without indentation, quote marks and prompts. */
function placed(problem: SyntaxProblem, step: CommandStep, lines: readonly string[]): SyntaxErrorInStep {
  const line = problem.line - 1
  const inFile = lines[line] ?? ''
  const inStep = step.text.split('\n')[line - step.textLine] ?? ''
  const before = inStep !== '' && inFile.endsWith(inStep) ? inFile.length - inStep.length : 0
  const end = inFile.trimEnd().length
  const first = Math.max(before, inFile.search(/\S/))
  const start = problem.column === undefined ? first : Math.min(before + problem.column - 1, Math.max(0, end - 1))
  return { step, line, start, end: Math.max(end, start + 1), message: problem.message }
}
