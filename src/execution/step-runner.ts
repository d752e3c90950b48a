import type { CommandStep, Runbook, Step } from '../runbook/runbook.ts'
import { secretsOfStep } from '../secrets/needed.ts'
import type { ApprovedSteps } from './approval.ts'
import type { Answer, Ending, Question, StepDescription } from './event.ts'
import { endingOfAnswer, endingOfCheck, endingOfExit } from './outcome.ts'
import { promptedVariables, withoutAssignments } from './prompted-variables.ts'
import type { RunPorts, RunSetup } from './run-api.ts'
import type { RunKeyboard } from './run-keyboard.ts'
import type { RunMasker } from './run-masker.ts'
import type { RunStream } from './run-stream.ts'
import type { CarriedState, RunShells, StepRequest } from './shells.ts'
import { describeStep } from './step-description.ts'
import { variablesOf } from './variables.ts'

/** What the steps of one run share. */
export interface StepRunnerSetup {
  readonly setup: RunSetup
  readonly ports: Pick<RunPorts, 'shells' | 'resolvePath' | 'now'>
  readonly shells: RunShells
  readonly stream: RunStream
  readonly masker: RunMasker
  readonly keyboard: RunKeyboard
  readonly approved: ApprovedSteps
  /** Values of secrets, by name. */
  readonly secrets: ReadonlyMap<string, string>
  readonly ask: (question: Question, signal: AbortSignal) => Promise<Answer>
  /** Called when an execution has ended. */
  readonly onEnding: (step: Step, ending: Ending) => void
}

/** What an execution is, beside its step. */
export type Role = Pick<StepDescription, 'attempt' | 'serves'>

export interface StepRunner {
  /**
   * Carries out one step as one execution, with its own start and end in the stream. A background step is under way when
   * this resolves: as succeeded, and its end comes later.
   */
  perform(runbook: Runbook, step: Step, signal: AbortSignal, role?: Role): Promise<Ending>
  /** Puts a step into the stream that is not carried out. */
  pass(runbook: Runbook, step: Step): Promise<Ending>
  /** Lets live sessions start that these steps will need, while their operator still reads or answers. */
  warmUp(runbook: Runbook, steps: readonly Step[]): void
  /** Ends what runs in the background, and waits for it. */
  endBackground(): Promise<void>
}

/** Less than this is typed all the time (`y`, `no`, a number): masking it would tear holes into every text. */
const shortestTyped = 4
/** UTF-16 units of output that are held to be compared or captured: nobody writes down what to expect beyond. */
const heldLimit = 4 * 1024 * 1024

export function createStepRunner(context: StepRunnerSetup): StepRunner {
  const { setup, ports, shells, stream, masker, keyboard, approved, secrets } = context
  const backgroundEnd = new AbortController()
  const background = new Set<Promise<void>>()
  let carried: CarriedState | undefined
  let executions = 0

  const homeOf = ({ frontmatter }: Runbook) =>
    frontmatter.cwd === undefined ? setup.folder : ports.resolvePath(setup.folder, frontmatter.cwd)

  function stateFor(runbook: Runbook): CarriedState {
    carried ??= ports.shells.initialState(homeOf(runbook))
    return carried
  }

  async function start(runbook: Runbook, step: Step, more: Partial<StepDescription>) {
    const execution = ++executions
    const time = ports.now()
    const description = { ...describeStep(runbook, step, masker), ...more }
    await stream.emit({ type: 'step-started', time, execution, step: description })
    return { execution, time }
  }

  async function end(step: Step, { execution, time }: { execution: number; time: number }, ending: Ending) {
    const ended = ports.now()
    const note = ending.note === undefined ? {} : { note: masker.mask(ending.note) }
    context.onEnding(step, ending)
    const durationMs = Math.max(0, ended - time)
    await stream.emit({ type: 'step-ended', time: ended, execution, stepId: step.id, durationMs, ...ending, ...note })
  }

  async function perform(runbook: Runbook, step: Step, signal: AbortSignal, role: Role = {}): Promise<Ending> {
    const answers = step.kind === 'command' ? await answersFor(runbook, step, signal) : new Map<string, string>()
    const started = await start(runbook, step, { ...role, ...traits(step), ...maskedAnswers(answers) })
    if (stream.broken() || signal.aborted || answers === undefined) {
      return conclude(step, started, { outcome: 'cancelled' })
    }
    if (step.kind !== 'command') {
      return conclude(step, started, endingOfAnswer(await ask(questionOf(step), started.execution, signal)))
    }
    if (step.attributes.skip) return conclude(step, started, { outcome: 'skipped' })
    if (step.attributes.confirm && role.attempt === undefined) {
      const answer = await ask(confirmation(runbook, step, answers), started.execution, signal)
      if (answer.kind !== 'done') return conclude(step, started, endingOfAnswer(answer))
    }
    if (step.attributes.background) {
      leaveRunning(runbook, step, answers, started)
      return { outcome: 'succeeded' }
    }
    const ending = await runCommand(runbook, step, answers, started.execution, signal)
    return conclude(step, started, role.serves?.as === 'check' ? endingOfCheck(ending) : ending)
  }

  async function conclude(step: Step, started: { execution: number; time: number }, ending: Ending): Promise<Ending> {
    await end(step, started, ending)
    return ending
  }

  function leaveRunning(
    runbook: Runbook,
    step: CommandStep,
    answers: ReadonlyMap<string, string>,
    started: { execution: number; time: number },
  ): void {
    const { signal } = backgroundEnd
    const over = runCommand(runbook, step, answers, started.execution, signal).then((ending) =>
      // It was to live until the run ends, and did.
      end(
        step,
        started,
        signal.aborted && ending.outcome === 'cancelled' ? { outcome: 'succeeded', endedWithRun: true } : ending,
      ),
    )
    background.add(over)
  }

  function traits({ kind, ...step }: Step): Partial<StepDescription> {
    if (kind !== 'command' || !('attributes' in step)) return {}
    const approval = approved.of({ kind, ...step })
    return {
      ...(step.attributes.background ? { background: true } : {}),
      ...(step.attributes.interactive ? { interactive: true } : {}),
      ...(approval === undefined ? {} : { approval }),
    }
  }

  function maskedAnswers(answers: ReadonlyMap<string, string> | undefined): Partial<StepDescription> {
    if (answers === undefined || answers.size === 0) return {}
    return { answers: Object.fromEntries([...answers].map(([name, value]) => [name, masker.mask(value)])) }
  }

  /** What `promptEnv` asks for; undefined when the operator withdraws. */
  async function answersFor(
    runbook: Runbook,
    step: CommandStep,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, string> | undefined> {
    const answers = new Map<string, string>()
    for (const { name, preset } of promptedVariables(step, stateFor(runbook).env)) {
      const title = masker.mask(step.title)
      const question = { kind: 'input', stepId: step.id, title, prompt: name, name, preset, hidden: false } as const
      const answer = await context.ask(question, signal)
      if (answer.kind !== 'text') return undefined
      answers.set(name, answer.value)
    }
    return answers
  }

  async function ask(question: Question, execution: number, signal: AbortSignal): Promise<Answer> {
    await stream.emit({ type: 'waiting', time: ports.now(), execution, question: question.kind })
    return context.ask(question, signal)
  }

  function questionOf(step: Exclude<Step, CommandStep>): Question {
    const title = masker.mask(step.title)
    return step.kind === 'manual'
      ? { kind: 'manual', stepId: step.id, title, text: masker.mask(step.text) }
      : { kind: 'decision', stepId: step.id, title, choices: step.choices }
  }

  function confirmation(runbook: Runbook, step: CommandStep, answers: ReadonlyMap<string, string>): Question {
    const values = { ...setByRun(runbook), ...Object.fromEntries(answers), ...setup.parameters }
    const { secrets: declared } = runbook.frontmatter
    const variables = variablesOf(step, { values, sensitive: setup.sensitive, secrets: declared })
    return {
      kind: 'confirm',
      stepId: step.id,
      title: masker.mask(step.title),
      text: masker.mask(step.text),
      variables: variables.map(({ name, value }) => ({ name, value: value && masker.mask(value) })),
    }
  }

  /** What steps have put into the environment: what this computer had there before says nothing about the run. */
  function setByRun(runbook: Runbook): Readonly<Record<string, string>> {
    const { env: initial } = ports.shells.initialState(homeOf(runbook))
    return Object.fromEntries(Object.entries(stateFor(runbook).env).filter(([name, value]) => initial[name] !== value))
  }

  async function runCommand(
    runbook: Runbook,
    step: CommandStep,
    answers: ReadonlyMap<string, string>,
    execution: number,
    signal: AbortSignal,
  ): Promise<Ending> {
    const { attributes, expectedOutput } = step
    const before = stateFor(runbook)
    const home = homeOf(runbook)
    const masked = masker.stream()
    const keepsOutput = attributes.capture !== undefined || expectedOutput !== undefined
    let output = ''
    const show = async (text: string) => {
      if (text !== '') await stream.emit({ type: 'output', time: ports.now(), execution, text })
    }
    const granted = secretsOfStep(step, runbook.frontmatter.secrets)
    const request: StepRequest = {
      shell: step.shell,
      text: withoutAssignments(step, new Set(answers.keys())),
      place: { file: setup.file, line: step.textLine + 1 },
      errors: attributes.errors ?? runbook.frontmatter.errors ?? 'stop',
      // What was asked for is what the step itself would have exported: it stays for the steps after it.
      state: { ...before, env: { ...before.env, ...Object.fromEntries(answers) } },
      grants: { ...setup.parameters, ...Object.fromEntries(granted.map((name) => [name, secrets.get(name) ?? ''])) },
      ...(attributes.cwd === undefined ? {} : { cwd: ports.resolvePath(home, attributes.cwd) }),
      ...(attributes.timeout === undefined ? {} : { timeoutMs: attributes.timeout }),
      ...(attributes.encoding === undefined ? {} : { encoding: attributes.encoding }),
      ...(attributes.background ? { background: true } : {}),
      ...(attributes.interactive
        ? { keyboard: keyboardOf(execution) }
        : { askPassword: (prompt: string) => askPassword(step, prompt, execution, signal) }),
      signal,
      onOutput: (text) => {
        if (keepsOutput && output.length < heldLimit) output += text
        return show(masked.write(text))
      },
    }
    const exit = await shells.run(request)
    await show(masked.end())
    if (exit.kind !== 'refused' && !attributes.background) {
      // `cwd=` is for its step alone: the next one starts where the one before it had left off.
      carried = attributes.cwd === undefined ? exit.state : { ...exit.state, cwd: before.cwd }
      if (attributes.capture !== undefined && exit.kind === 'exited' && exit.exitCode === 0) {
        const value = output.replace(/(\r?\n)+$/, '')
        carried = { ...carried, env: { ...carried.env, [attributes.capture]: value } }
      }
    }
    return heldAgainst(expectedOutput, output, endingOfExit(exit))
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

  return {
    perform,
    async pass(runbook, step) {
      const started = await start(runbook, step, {})
      return conclude(step, started, { outcome: 'skipped' })
    },
    warmUp(runbook, steps) {
      const commands = steps.filter((step) => step.kind === 'command').filter(({ attributes }) => !attributes.skip)
      const near = commands.filter(({ attributes }) => !attributes.background && !attributes.interactive)
      for (const shell of new Set(near.map((step) => step.shell))) shells.warmUp(shell, stateFor(runbook))
    },
    async endBackground() {
      backgroundEnd.abort()
      await Promise.all(background)
    },
  }
}
