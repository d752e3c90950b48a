import type { CommandStep, Runbook, Step } from '../runbook/runbook.ts'
import { createMasker } from '../secrets/create-masker.ts'
import type { Masker } from '../secrets/masker.ts'
import { secretsOfStep } from '../secrets/needed.ts'
import type { Answer, Ending, Outcome, RunEvent, Selection } from './event.ts'
import { createFlow, reachableSteps } from './flow.ts'
import { countOutcomes, endingOfAnswer, endingOfCheck, endingOfExit, worstOutcome } from './outcome.ts'
import type { ExecutionProblem } from './problem.ts'
import { acquire, emptySelection, errorInText } from './requirements.ts'
import type { ExecuteResult, Run, RunPorts, RunSetup } from './run-api.ts'
import type { CarriedState } from './shells.ts'
import { describeStep } from './step-description.ts'

/** Opens a run. Nothing happens, and nothing is recorded, before its first `execute` found everything that it needs. */
export function startRun(setup: RunSetup, ports: RunPorts): Run {
  const shells = ports.shells.open()
  const values = new Map<string, string>()
  const outcomes = new Map<string, Outcome>()
  let masker: Masker = createMasker([])
  let carried: CarriedState | undefined
  let lifecycle: Run['state'] = 'idle'
  let begun = false
  let executions = 0
  let broken: ExecutionProblem | undefined
  let abort = new AbortController()
  let running: Promise<unknown> = Promise.resolve()

  async function emit(event: RunEvent): Promise<void> {
    if (broken === undefined) {
      const failure = await ports.record(event)
      if (failure !== undefined) {
        broken = failure.problem
        abort.abort()
      }
    }
    ports.show(event)
  }

  function masking(): Masker {
    const sensitive = setup.sensitive.flatMap((name) => {
      const value = setup.parameters[name]
      return value ? [{ name, value }] : []
    })
    return createMasker([...[...values].map(([name, value]) => ({ name, value })), ...sensitive])
  }

  async function begin(): Promise<void> {
    if (begun) return
    begun = true
    const { description } = setup
    const parameters = Object.fromEntries(
      Object.entries(description.parameters).map(([name, value]) => [name, masker.mask(value)]),
    )
    await emit({ type: 'run-started', time: ports.now(), run: { ...description, parameters } })
  }

  /** Carries out one step as one execution with its own start and end in the stream. */
  async function perform(runbook: Runbook, step: Step, asCheck = false): Promise<Ending> {
    const execution = ++executions
    const description = describeStep(runbook, step, masker)
    const started = ports.now()
    await emit({ type: 'step-started', time: started, execution, step: description })
    const settled: Ending = broken ? { outcome: 'cancelled' } : await settle(runbook, step, execution)
    const ending = asCheck ? endingOfCheck(settled) : settled
    const ended = ports.now()
    const note = ending.note === undefined ? {} : { note: masker.mask(ending.note) }
    outcomes.set(step.id, ending.outcome)
    await emit({
      type: 'step-ended',
      time: ended,
      execution,
      stepId: step.id,
      durationMs: Math.max(0, ended - started),
      ...ending,
      ...note,
    })
    return ending
  }

  async function settle(runbook: Runbook, step: Step, execution: number): Promise<Ending> {
    if (abort.signal.aborted) return { outcome: 'cancelled' }
    if (step.kind !== 'command') return endingOfAnswer(await ask(step, execution))
    if (step.attributes.skip) return { outcome: 'skipped' }
    if (step.attributes.confirm) {
      const answer = await ask(step, execution)
      if (answer.kind !== 'done') return endingOfAnswer(answer)
    }
    return runCommand(runbook, step, execution)
  }

  async function ask(step: Step, execution: number): Promise<Answer> {
    const title = masker.mask(step.title)
    const kind = step.kind === 'command' ? 'confirm' : step.kind
    await emit({ type: 'waiting', time: ports.now(), execution, question: kind })
    const { signal } = abort
    switch (step.kind) {
      case 'command':
        return ports.ask({ kind: 'confirm', stepId: step.id, title, text: masker.mask(step.text) }, signal)
      case 'manual':
        return ports.ask({ kind: 'manual', stepId: step.id, title, text: masker.mask(step.text) }, signal)
      case 'decision':
        return ports.ask({ kind: 'decision', stepId: step.id, title, choices: step.choices }, signal)
    }
  }

  async function runCommand(runbook: Runbook, step: CommandStep, execution: number): Promise<Ending> {
    const { attributes } = step
    const { folder, file, parameters } = setup
    const home = runbook.frontmatter.cwd === undefined ? folder : ports.resolvePath(folder, runbook.frontmatter.cwd)
    carried ??= ports.shells.initialState(home)
    const before = carried
    const secrets = secretsOfStep(step, runbook.frontmatter.secrets)
    const stream = masker.stream()
    let captured = ''
    const show = async (text: string) => {
      if (text !== '') await emit({ type: 'output', time: ports.now(), execution, text })
    }
    const exit = await shells.run({
      shell: step.shell,
      text: step.text,
      place: { file, line: step.textLine + 1 },
      errors: attributes.errors ?? runbook.frontmatter.errors ?? 'stop',
      state: before,
      grants: { ...parameters, ...Object.fromEntries(secrets.map((name) => [name, values.get(name) ?? ''])) },
      ...(attributes.cwd === undefined ? {} : { cwd: ports.resolvePath(home, attributes.cwd) }),
      ...(attributes.timeout === undefined ? {} : { timeoutMs: attributes.timeout }),
      ...(attributes.encoding === undefined ? {} : { encoding: attributes.encoding }),
      signal: abort.signal,
      onOutput: (text) => {
        if (attributes.capture !== undefined) captured += text
        return show(stream.write(text))
      },
    })
    await show(stream.end())
    if (exit.kind !== 'refused') {
      // `cwd=` is for its step alone: the next one starts where the one before it had left off.
      carried = attributes.cwd === undefined ? exit.state : { ...exit.state, cwd: before.cwd }
      if (attributes.capture !== undefined && exit.kind === 'exited' && exit.exitCode === 0) {
        const value = captured.replace(/(\r?\n)+$/, '')
        carried = { ...carried, env: { ...carried.env, [attributes.capture]: value } }
      }
    }
    return endingOfExit(exit)
  }

  async function carryOut(runbook: Runbook, selection: Selection): Promise<ExecuteResult> {
    const steps = reachableSteps(runbook, selection)
    if (steps.length === 0) return { kind: 'refused', problem: emptySelection(selection) }
    const problem = errorInText(runbook, steps) ?? (await acquire(steps, runbook.frontmatter.secrets, values, ports))
    if (problem !== undefined) return { kind: 'refused', problem }
    masker = masking()
    if (abort.signal.aborted) return { kind: 'finished', outcome: 'cancelled' }
    await begin()
    if (broken !== undefined && executions === 0) return { kind: 'refused', problem: broken }

    const byId = new Map(runbook.steps.map((step) => [step.id, step]))
    const flow = createFlow(runbook, selection)
    const endings: Outcome[] = []
    for (let step = flow.current(); step !== undefined; step = flow.current()) {
      if (abort.signal.aborted) {
        endings.push('cancelled')
        break
      }
      const check = step.kind === 'command' ? byId.get(step.attributes.check ?? '') : undefined
      const checked = check === undefined ? undefined : await perform(runbook, check, true)
      if (checked !== undefined && checked.isDone === undefined) {
        endings.push(checked.outcome)
        break
      }
      const ending = checked?.isDone ? await pass(runbook, step) : await perform(runbook, step)
      endings.push(ending.outcome)
      if (ending.outcome !== 'succeeded' && ending.outcome !== 'skipped') break
      flow.advance(ending.choice)
    }
    return { kind: 'finished', outcome: worstOutcome(endings), ...(broken === undefined ? {} : { problem: broken }) }
  }

  /** A step that its `check` found done already: it is on record as skipped. */
  async function pass(runbook: Runbook, step: Step): Promise<Ending> {
    const execution = ++executions
    const time = ports.now()
    await emit({ type: 'step-started', time, execution, step: describeStep(runbook, step, masker) })
    outcomes.set(step.id, 'skipped')
    await emit({ type: 'step-ended', time, execution, stepId: step.id, outcome: 'skipped', durationMs: 0 })
    return { outcome: 'skipped' }
  }

  return {
    description: setup.description,
    get state() {
      return lifecycle
    },
    async execute(runbook, selection) {
      if (lifecycle !== 'idle') return { kind: 'refused', problem: { code: 'busy', values: {} } }
      lifecycle = 'busy'
      abort = new AbortController()
      const result = carryOut(runbook, selection)
      running = result.catch(() => undefined)
      try {
        return await result
      } finally {
        if (lifecycle === 'busy') lifecycle = 'idle'
      }
    },
    async note(text) {
      if (begun && lifecycle !== 'ended') await emit({ type: 'note', time: ports.now(), text: masker.mask(text) })
    },
    cancel: () => abort.abort(),
    async finish() {
      if (lifecycle === 'ended') return worstOutcome([...outcomes.values()])
      lifecycle = 'ended'
      abort.abort()
      await running
      await shells.close()
      // What was repeated with success is no failure of the run: the last outcome of each step counts.
      const outcome = worstOutcome([...outcomes.values()])
      if (begun)
        await emit({ type: 'run-ended', time: ports.now(), outcome, counts: countOutcomes([...outcomes.values()]) })
      return outcome
    },
  }
}
