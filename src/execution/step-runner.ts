import type { CommandStep, Runbook, Step } from '../runbook/runbook.ts'
import { MASK } from '../secrets/mask.ts'
import type { ApprovedTexts } from './approval.ts'
import { type CommandRunner, type CommandRunnerSetup, createCommandRunner, shortestTyped } from './command-runner.ts'
import type { Answer, Ending, Question, StepDescription } from './event.ts'
import { endingOfAnswer, endingOfCheck } from './outcome.ts'
import { isPasswordName, promptedVariables } from './prompted-variables.ts'
import { describeStep } from './step-description.ts'
import { variablesOf } from './variables.ts'

/** What the steps of one run share. */
export interface StepRunnerSetup extends Omit<CommandRunnerSetup, 'ask'> {
  readonly approved: ApprovedTexts
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
  /** What commands have put into the environment of the run. */
  setByRun: CommandRunner['setByRun']
  provide: CommandRunner['provide']
  /** Ends what runs in the background, or one step of it because its operator says so, and waits for it. */
  endBackground(stepId?: string): Promise<void>
}

/** A step that runs in the background. */
interface Beside {
  readonly stepId: string
  readonly stop: AbortController
  readonly over: Promise<void>
}

/** Why a background step is ended that nobody asked to end. */
const withRun = Symbol('the run is over')

/** What was to live until its run ends, and did, has succeeded. */
function lived(ending: Ending, { aborted, reason }: AbortSignal): Ending {
  const endedWithRun = aborted && reason === withRun && ending.outcome === 'cancelled'
  return endedWithRun ? { outcome: 'succeeded', endedWithRun } : ending
}

export function createStepRunner(context: StepRunnerSetup): StepRunner {
  const { setup, ports, shells, stream, masker, approved } = context
  const commands = createCommandRunner({ ...context, ask })
  const background = new Set<Beside>()
  let executions = 0

  async function start(runbook: Runbook, step: Step, more: Partial<StepDescription>) {
    const execution = ++executions
    const time = ports.now()
    const description = { ...describeStep(runbook, step, masker), ...more }
    await stream.emit({ type: 'step-started', time, execution, step: description })
    return { execution, time }
  }

  async function end(step: Step, { execution, time }: { execution: number; time: number }, ending: Ending) {
    const ended = ports.now()
    const texts = {
      ...(ending.note === undefined ? {} : { note: masker.mask(ending.note) }),
      ...(ending.problem === undefined ? {} : { problem: masker.maskProblem(ending.problem) }),
    }
    context.onEnding(step, ending)
    const durationMs = Math.max(0, ended - time)
    await stream.emit({ type: 'step-ended', time: ended, execution, stepId: step.id, durationMs, ...ending, ...texts })
  }

  async function perform(runbook: Runbook, step: Step, signal: AbortSignal, role: Role = {}): Promise<Ending> {
    const answers = step.kind === 'command' ? await answersFor(runbook, step, signal) : new Map<string, string>()
    const started = await start(runbook, step, { ...role, ...traits(runbook, step), ...maskedAnswers(answers) })
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
    const ending = await commands.run(runbook, step, answers, started.execution, signal)
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
    const stop = new AbortController()
    const beside: Beside = {
      stepId: step.id,
      stop,
      over: commands
        .run(runbook, step, answers, started.execution, stop.signal)
        .then((ending) => end(step, started, lived(ending, stop.signal)))
        .finally(() => background.delete(beside)),
    }
    background.add(beside)
    // Seen when the run ends: until then nobody waits for it.
    beside.over.catch(() => undefined)
  }

  function traits(runbook: Runbook, { kind, ...step }: Step): Partial<StepDescription> {
    if (kind !== 'command' || !('attributes' in step)) return {}
    const approval = approved.of({ kind, ...step })
    const secretCommands = context.secrets.commandsOf({ kind, ...step }, runbook.frontmatter.secrets)
    return {
      ...(step.attributes.background ? { background: true } : {}),
      ...(step.attributes.interactive ? { interactive: true } : {}),
      ...(approval === undefined ? {} : { approval }),
      ...(secretCommands === undefined ? {} : { secretCommands }),
    }
  }

  function maskedAnswers(answers: ReadonlyMap<string, string> | undefined): Partial<StepDescription> {
    if (answers === undefined || answers.size === 0) return {}
    const shown = [...answers].map(([name, value]) => [name, isPasswordName(name) ? MASK : masker.mask(value)])
    return { answers: Object.fromEntries(shown) }
  }

  /** What `promptEnv` asks for; undefined when the operator withdraws. */
  async function answersFor(
    runbook: Runbook,
    step: CommandStep,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, string> | undefined> {
    const answers = new Map<string, string>()
    for (const { name, preset, hidden } of promptedVariables(step, commands.state(runbook).env)) {
      const title = masker.mask(step.title)
      const question = { kind: 'input', stepId: step.id, title, prompt: name, name, preset, hidden } as const
      const answer = await context.ask(question, signal)
      if (answer.kind !== 'text') return undefined
      if (hidden && answer.value.length >= shortestTyped) masker.learn(name, answer.value)
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
    const values = { ...commands.setByRun(runbook), ...Object.fromEntries(answers), ...setup.parameters }
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

  return {
    perform,
    setByRun: commands.setByRun,
    provide: commands.provide,
    async pass(runbook, step) {
      const started = await start(runbook, step, {})
      return conclude(step, started, { outcome: 'skipped' })
    },
    warmUp(runbook, steps) {
      const near = steps
        .filter((step) => step.kind === 'command')
        .filter(({ attributes }) => !attributes.skip && !attributes.background && !attributes.interactive)
      for (const shell of new Set(near.map((step) => step.shell))) shells.warmUp(shell, commands.state(runbook))
    },
    async endBackground(stepId) {
      const ended = [...background].filter((beside) => stepId === undefined || beside.stepId === stepId)
      for (const { stop } of ended) stop.abort(stepId === undefined ? withRun : undefined)
      await Promise.all(ended.map(({ over }) => over))
    },
  }
}
