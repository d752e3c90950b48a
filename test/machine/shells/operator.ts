import { join } from 'node:path'
import type { RunShells, Shells, StepExit, StepRequest } from '../../../src/execution/shells.ts'
import { createShells } from '../../../src/machine/shells/shells.ts'
import { executionProblemSentence } from '../../../src/wording/execution-problems.ts'
import { createTranslator } from '../../../src/wording/translate.ts'
import { needs } from '../../support/needs.ts'

export const assets = join(import.meta.dirname, '../../../src/machine/shells')

/** Someone who runs steps one after the other: each gets what the one before handed on. */
export interface Operator {
  readonly shells: Shells
  readonly run: RunShells
  state: StepRequest['state']
  step(shell: string, text: string, more?: Partial<StepRequest>): Promise<Done>
}

export interface Done {
  readonly exit: StepExit
  readonly output: string
  /** 0 to 255, or undefined when the step did not exit by itself. */
  readonly code: number | undefined
}

export const operator = (cwd: string, options: Partial<Parameters<typeof createShells>[0]> = {}): Operator => {
  const shells = createShells({ assets, graceMs: 300, ...options })
  const self: Operator = {
    shells,
    run: shells.open(),
    state: shells.initialState(cwd),
    step: async (shell, text, more = {}) => {
      let output = ''
      const exit = await self.run.run({
        shell,
        text,
        place: { file: 'joining.md', line: 42 },
        errors: 'stop',
        state: self.state,
        grants: {},
        signal: new AbortController().signal,
        onOutput: (piece) => {
          output += piece
        },
        ...more,
      })
      if (exit.kind !== 'refused') self.state = exit.state
      return { exit, output, code: exit.kind === 'exited' ? exit.exitCode : undefined }
    },
  }
  return self
}

/** Skips a test whose shell this computer does not have, and says so. */
export async function needShell(
  context: Mocha.Context,
  { shells }: Pick<Operator, 'shells'>,
  shell: string,
): Promise<void> {
  const problem = await shells.check(shell)
  needs(context, problem && executionProblemSentence(problem, createTranslator({})))
}
