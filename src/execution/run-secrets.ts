import type { CommandStep, Step } from '../runbook/runbook.ts'
import type { SecretDeclaration } from '../runbook/secret-declaration.ts'
import { secretsOfStep } from '../secrets/needed.ts'
import { checkSecretValue } from '../secrets/secret-value.ts'
import type { ApprovedTexts } from './approval.ts'
import type { StepDescription } from './event.ts'
import type { ExecutionProblem } from './problem.ts'
import type { RunPorts, SecretValue } from './run-api.ts'
import type { RunMasker } from './run-masker.ts'
import { type NeededCommand, neededCommands, secretOfCommand } from './secret-command.ts'

export interface RunSecretsSetup {
  readonly ports: Pick<RunPorts, 'secret' | 'givenSecret' | 'secretCommand'>
  readonly approved: ApprovedTexts
  readonly masker: RunMasker
  /** Absolute: where commands that print secrets run. */
  readonly folder: string
}

/** The secrets of one run: each is got once, and known to the masker before anything else sees it. */
export interface RunSecrets {
  /** By name, as far as they were needed. */
  readonly values: ReadonlyMap<string, string>
  /** The commands that have to run for these steps: not those whose secret is known or was given in another way. */
  commands(steps: readonly Step[], declared: readonly SecretDeclaration[]): Promise<readonly NeededCommand[]>
  /** Gets what steps use. Returns why the first one that is not to be had is not. */
  obtain(
    steps: readonly Step[],
    declared: readonly SecretDeclaration[],
    signal: AbortSignal,
  ): Promise<ExecutionProblem | undefined>
  /** Those of a step that commands printed. */
  commandsOf(step: CommandStep, declared: readonly SecretDeclaration[]): StepDescription['secretCommands']
}

export function createRunSecrets({ ports, approved, masker, folder }: RunSecretsSetup): RunSecrets {
  const values = new Map<string, string>()
  /** By name: what printed the value. */
  const printedBy = new Map<string, string>()

  async function commands(steps: readonly Step[], declared: readonly SecretDeclaration[]) {
    const open: NeededCommand[] = []
    for (const command of neededCommands(steps, declared)) {
      if (values.has(command.name) || (await ports.givenSecret?.(command.name)) !== undefined) continue
      open.push(command)
    }
    return open
  }

  async function obtainOne(
    name: string,
    step: CommandStep,
    declared: readonly SecretDeclaration[],
    signal: AbortSignal,
  ): Promise<SecretValue> {
    const given = await ports.givenSecret?.(name)
    if (given !== undefined) {
      const wrong = checkSecretValue(given)
      if (wrong !== undefined) return { kind: 'problem', problem: { code: wrong, values: { name } } }
      return { kind: 'value', value: given }
    }
    const command = declared.find((secret) => secret.name === name)?.from
    // A keychain may wait for its operator; whoever stops the run does not wait with it.
    return command === undefined ? orStopped(ports.secret(name, step.title), signal) : print(name, command, signal)
  }

  async function print(name: string, command: string, signal: AbortSignal): Promise<SecretValue> {
    if (approved.ofCommand({ name, command }) === undefined) {
      return { kind: 'problem', problem: { code: 'secret-command-unapproved', values: { name, command } } }
    }
    const exit = await ports.secretCommand({ name, command, folder, signal })
    const found = secretOfCommand(name, command, exit, masker.mask)
    if (found.kind === 'value') printedBy.set(name, command)
    return found
  }

  return {
    values,
    commands,
    async obtain(steps, declared, signal) {
      for (const step of steps) {
        if (step.kind !== 'command' || step.attributes.skip) continue
        for (const name of secretsOfStep(step, declared)) {
          if (values.has(name)) continue
          const found = await obtainOne(name, step, declared, signal)
          if (found.kind === 'problem') return found.problem
          masker.learn(name, found.value)
          values.set(name, found.value)
        }
      }
      return undefined
    },
    commandsOf(step, declared) {
      const printed = secretsOfStep(step, declared).flatMap((name) => {
        const command = printedBy.get(name)
        if (command === undefined) return []
        const approval = approved.ofCommand({ name, command })
        return [[name, { command: masker.mask(command), ...(approval === undefined ? {} : { approval }) }] as const]
      })
      return printed.length === 0 ? undefined : Object.fromEntries(printed)
    },
  }
}

function orStopped(value: Promise<SecretValue>, signal: AbortSignal): Promise<SecretValue> {
  return new Promise((resolve, reject) => {
    const stop = () => resolve({ kind: 'problem', problem: { code: 'withdrawn', values: {} } })
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    value.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
