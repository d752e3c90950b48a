import type { CommandStep, Step } from '../runbook/runbook.ts'
import type { SecretDeclaration } from '../runbook/secret-declaration.ts'
import { createMasker } from '../secrets/create-masker.ts'
import { secretsOfStep } from '../secrets/needed.ts'
import { checkSecretValue } from '../secrets/secret-value.ts'
import type { ExecutionProblem } from './problem.ts'
import type { SecretCommand, SecretCommandExit, SecretValue } from './run-api.ts'

export const secretCommandLimits = { bytes: 64 * 1024, timeoutMs: 60_000 } as const

/** The same command once for several runs, such as the rows of a table; one that failed is run again. */
export function ranOnce(
  run: (command: SecretCommand) => Promise<SecretCommandExit>,
): (command: SecretCommand) => Promise<SecretCommandExit> {
  const known = new Map<string, SecretCommandExit>()
  return async (wanted) => {
    const key = JSON.stringify([wanted.name, wanted.command, wanted.folder])
    const exit = known.get(key) ?? (await run(wanted))
    if (exit.kind === 'exited' && exit.exitCode === 0) known.set(key, exit)
    return exit
  }
}

/** A command that steps need, and what is said of it where it has to be approved. */
export interface NeededCommand extends Pick<SecretDeclaration, 'label'> {
  readonly name: string
  readonly command: string
  /** 1-based line of its declaration. */
  readonly line: number
  /** The first step that needs it. */
  readonly step: CommandStep
}

/** The commands behind the secrets that steps use, in the order in which they are used, each once. */
export function neededCommands(
  steps: readonly Step[],
  declared: readonly SecretDeclaration[],
): readonly NeededCommand[] {
  const needed = new Map<string, NeededCommand>()
  for (const step of steps) {
    if (step.kind !== 'command' || step.attributes.skip) continue
    for (const name of secretsOfStep(step, declared)) {
      const { from, label, range } = declared.find((secret) => secret.name === name) ?? {}
      if (from === undefined || range === undefined || needed.has(name)) continue
      const line = range.start.line + 1
      needed.set(name, { name, command: from, line, step, ...(label === undefined ? {} : { label }) })
    }
  }
  return [...needed.values()]
}

/**
 * What a command's end means: the value, or why there is none. Of what it printed nothing gets into a problem but the first
 * line of its errors, in which what came on stdout is masked as a whole and line by line.
 * @param mask masks what the run knows already
 */
export function secretOfCommand(
  name: string,
  command: string,
  exit: SecretCommandExit,
  mask: (text: string) => string,
): SecretValue {
  const problem = (code: ExecutionProblem['code'], values: ExecutionProblem['values'] = {}): SecretValue => ({
    kind: 'problem',
    problem: { code, values: { name, ...values } },
  })
  switch (exit.kind) {
    case 'cancelled':
      return { kind: 'problem', problem: { code: 'withdrawn', values: {} } }
    case 'timed-out':
      return problem('secret-command-timeout', { seconds: String(secretCommandLimits.timeoutMs / 1000) })
    case 'too-long':
      return problem('secret-command-too-long', { limit: `${secretCommandLimits.bytes / 1024} KiB` })
    case 'exited':
      break
  }
  const { exitCode, stdout, stderr } = exit
  if (isMissing(exitCode, stderr)) return problem('secret-command-missing', { program: mask(programOf(command)) })
  if (exitCode !== 0) {
    return problem('secret-command-failed', { exitCode: String(exitCode), detail: mask(reasonIn(stderr, stdout)) })
  }
  const value = stdout.replace(/\r?\n$/, '')
  if (value === '') return problem('secret-command-empty')
  const wrong = checkSecretValue(value)
  if (wrong !== undefined) return problem(`secret-command-${wrong === 'secret-too-short' ? 'too-short' : 'has-nul'}`)
  return { kind: 'value', value }
}

/** 127 of POSIX shells; 9009 of cmd, or its sentence in English and Japanese. */
function isMissing(exitCode: number, stderr: string): boolean {
  if (exitCode === 127 || exitCode === 9009) return true
  return (
    exitCode === 1 && /is not recognized as an internal or external command|内部コマンドまたは外部コマンド/.test(stderr)
  )
}

function programOf(command: string): string {
  const [, quoted, bare = command] = /^\s*(?:"([^"]+)"|(\S+))/.exec(command) ?? []
  return quoted ?? bare
}

const longestReason = 200

function reasonIn(stderr: string, stdout: string): string {
  const { mask } = createMasker([{ name: '', value: stdout }])
  const line = mask(stderr.trim()).split(/\r?\n/, 1)[0] ?? ''
  const characters = [...line]
  return characters.length <= longestReason ? line : `${characters.slice(0, longestReason - 1).join('')}…`
}
