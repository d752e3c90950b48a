import type { CommandStep, Runbook } from '../runbook/runbook.ts'
import { MASK } from '../secrets/mask.ts'
import { secretsOfStep } from '../secrets/needed.ts'
import type { Answer, Ending, Question } from './event.ts'
import { maskedOutput } from './masked-output.ts'
import { endingOfExit } from './outcome.ts'
import { withoutAssignments } from './prompted-variables.ts'
import type { RunPorts, RunSetup } from './run-api.ts'
import type { RunKeyboard } from './run-keyboard.ts'
import type { RunMasker } from './run-masker.ts'
import type { RunSecrets } from './run-secrets.ts'
import type { RunStream } from './run-stream.ts'
import { holdBack } from './sensitive-capture.ts'
import type { CarriedState, RunShells, StepRequest } from './shells.ts'

export interface CommandRunnerSetup {
  readonly setup: RunSetup
  readonly ports: Pick<RunPorts, 'shells' | 'resolvePath' | 'now' | 'sleep'>
  readonly shells: RunShells
  readonly stream: RunStream
  readonly masker: RunMasker
  readonly keyboard: RunKeyboard
  readonly secrets: RunSecrets
  readonly ask: (question: Question, execution: number, signal: AbortSignal) => Promise<Answer>
}

/** The commands of one run, and the state that goes from one to the next. */
export interface CommandRunner {
  /** What the next command starts with. */
  state(runbook: Runbook): CarriedState
  /** What commands have put into the environment: what this computer had there before says nothing about the run. */
  setByRun(runbook: Runbook): Readonly<Record<string, string>>
  /** Puts a secret value into the environment of the commands that come. */
  provide(runbook: Runbook, name: string, value: string): void
  /** @param answers variables of `promptEnv`, by name */
  run(
    runbook: Runbook,
    step: CommandStep,
    answers: ReadonlyMap<string, string>,
    execution: number,
    signal: AbortSignal,
  ): Promise<Ending>
}

/** Less than this is typed all the time (`y`, `no`, a number): masking it would tear holes into every text. */
export const shortestTyped = 4
/** UTF-16 units of output that are held to be compared or captured: nobody writes down what to expect beyond. */
const heldLimit = 4 * 1024 * 1024

function withVariable(state: CarriedState, name: string, value: string): CarriedState {
  return { ...state, env: { ...state.env, [name]: value } }
}

export function createCommandRunner(context: CommandRunnerSetup): CommandRunner {
  const { setup, ports, shells, stream, masker, keyboard, secrets, ask } = context
  let carried: CarriedState | undefined

  const homeOf = ({ frontmatter }: Runbook) =>
    frontmatter.cwd === undefined ? setup.folder : ports.resolvePath(setup.folder, frontmatter.cwd)

  function state(runbook: Runbook): CarriedState {
    carried ??= ports.shells.initialState(homeOf(runbook))
    return carried
  }

  function setByRun(runbook: Runbook): Readonly<Record<string, string>> {
    const { env: initial } = ports.shells.initialState(homeOf(runbook))
    return Object.fromEntries(Object.entries(state(runbook).env).filter(([name, value]) => initial[name] !== value))
  }

  async function run(
    runbook: Runbook,
    step: CommandStep,
    answers: ReadonlyMap<string, string>,
    execution: number,
    signal: AbortSignal,
  ): Promise<Ending> {
    const { attributes, expectedOutput } = step
    const before = state(runbook)
    const home = homeOf(runbook)
    const secret =
      attributes.capture !== undefined && attributes.sensitive ? holdBack(attributes.capture, masker) : undefined
    const keepsOutput = attributes.capture !== undefined || expectedOutput !== undefined
    let output = ''
    /** The same as far as it is kept: a difference is. */
    let compared = ''
    const show = async (text: string, utf8?: readonly Uint8Array[], kept = text) => {
      if (text === '' && kept === '') return
      const event = { type: 'output', time: ports.now(), execution, text } as const
      await (kept === text ? stream.emit(event, utf8) : stream.emit({ ...event, kept }))
    }
    const apart = attributes.interactive ? masker.stream() : undefined
    const masked = maskedOutput(masker.stream(), ports.sleep, show, apart)
    const granted = secretsOfStep(step, runbook.frontmatter.secrets)
    const request: StepRequest = {
      shell: step.shell,
      text: withoutAssignments(step, new Set(answers.keys())),
      place: { file: setup.file, line: step.textLine + 1 },
      errors: attributes.errors ?? runbook.frontmatter.errors ?? 'stop',
      // What was asked for is what the step itself would have exported: it stays for the steps after it.
      state: { ...before, env: { ...before.env, ...Object.fromEntries(answers) } },
      grants: {
        ...setup.parameters,
        ...Object.fromEntries(granted.map((name) => [name, secrets.values.get(name) ?? ''])),
      },
      ...(attributes.cwd === undefined ? {} : { cwd: ports.resolvePath(home, attributes.cwd) }),
      ...(attributes.timeout === undefined ? {} : { timeoutMs: attributes.timeout }),
      ...(attributes.encoding === undefined ? {} : { encoding: attributes.encoding }),
      ...(attributes.background ? { background: true } : {}),
      ...(attributes.interactive
        ? { keyboard: keyboardOf(execution) }
        : { askPassword: (prompt: string) => askPassword(step, prompt, execution, signal) }),
      ...(secret === undefined ? {} : { apart: true }),
      signal,
      onOutput: (text, about) => {
        if (secret !== undefined) return secret.take(text, about?.from)
        if (keepsOutput && output.length < heldLimit) {
          output += text
          compared += about?.isDoubtful ? MASK : text
        }
        return masked.write(text, about?.utf8, about?.isDoubtful)
      },
    }
    const exit = await shells.run(request)
    await masked.end()
    const captured = secret?.end(exit)
    await show(captured?.shown ?? '')
    if (exit.kind !== 'refused' && !attributes.background) {
      // `cwd=` is for its step alone: the next one starts where the one before it had left off.
      carried = attributes.cwd === undefined ? exit.state : { ...exit.state, cwd: before.cwd }
      if (attributes.capture !== undefined && exit.kind === 'exited' && exit.exitCode === 0) {
        const value = captured === undefined ? output.replace(/(\r?\n)+$/, '') : captured.value
        if (value !== undefined) carried = withVariable(carried, attributes.capture, value)
      }
    }
    if (secret === undefined) return heldAgainst(expectedOutput, compared, endingOfExit(exit))
    // Neither a difference nor a hash of bytes: both would tell something about the value.
    const { undecodable: _, ...ending } = endingOfExit(exit)
    if (captured?.problem !== undefined) return { ...ending, outcome: 'failed', problem: captured.problem }
    const { difference: __, ...verdict } = await heldAgainst(expectedOutput, secret.output(), ending)
    return verdict
  }

  function provide(runbook: Runbook, name: string, value: string): void {
    masker.learn(name, value)
    carried = withVariable(state(runbook), name, value)
  }

  async function heldAgainst(expected: CommandStep['expectedOutput'], output: string, ending: Ending): Promise<Ending> {
    if (expected === undefined || ending.outcome !== 'succeeded') return ending
    // On demand: what compares and makes differences is large, and few runbooks say what to expect.
    const { compareOutput } = await import('./expected-output.ts')
    const comparison = compareOutput(expected, output, masker.mask)
    if (comparison.matches) return ending
    const { score, difference } = comparison
    const values = { match: expected.match, ...(score === undefined ? {} : { score: score.toFixed(2) }) }
    return { ...ending, outcome: 'failed', problem: { code: 'output-differs', values }, difference }
  }

  function keyboardOf(execution: number): StepRequest['keyboard'] {
    return keyboard.forStep({
      onEcho: (text) => stream.emit({ type: 'echo', time: ports.now(), execution, text }),
      onLine: (line) => {
        const typed = line.trim()
        if (typed.length >= shortestTyped) masker.learn('typed', typed)
      },
    })
  }

  async function askPassword(step: CommandStep, prompt: string, execution: number, signal: AbortSignal) {
    const title = masker.mask(step.title)
    const question = { kind: 'input', stepId: step.id, title, prompt: masker.mask(prompt), hidden: true } as const
    const answer = await ask(question, execution, signal)
    if (answer.kind !== 'text') return undefined
    if (answer.value.length >= shortestTyped) masker.learn('typed', answer.value)
    return answer.value
  }

  return { state, setByRun, provide, run }
}
