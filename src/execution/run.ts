import type { Runbook, Step } from '../runbook/runbook.ts'
import { checkSecretValue } from '../secrets/secret-value.ts'
import { createApprovedTexts } from './approval.ts'
import type { Outcome, Selection } from './event.ts'
import { reachableSteps } from './flow.ts'
import { lostCaptures } from './lost-captures.ts'
import { countOutcomes, worstOutcome } from './outcome.ts'
import { carryOutPart } from './part.ts'
import type { ExecutionProblem } from './problem.ts'
import { inTurn } from './questions.ts'
import { checkMachine, emptySelection, errorInText } from './requirements.ts'
import type { ExecuteResult, Run, RunPorts, RunSetup } from './run-api.ts'
import { createRunKeyboard } from './run-keyboard.ts'
import { createRunMasker } from './run-masker.ts'
import { createRunSecrets } from './run-secrets.ts'
import { createRunStream } from './run-stream.ts'
import { createStepRunner } from './step-runner.ts'

/** Opens a run. Nothing happens, and nothing is recorded, before its first `execute` found everything that it needs. */
export function startRun(setup: RunSetup, ports: RunPorts): Run {
  const { description } = setup
  const outcomes = new Map<string, Outcome>()
  const shells = ports.shells.open()
  const masker = createRunMasker()
  const keyboard = createRunKeyboard()
  const ask = inTurn(ports.ask)
  let lifecycle: Run['state'] = 'idle'
  let begun = false
  let abort = new AbortController()
  let running: Promise<unknown> = Promise.resolve()

  for (const name of setup.sensitive) masker.learn(name, setup.parameters[name] ?? '')
  const stream = createRunStream(ports, () => abort.abort())
  const approved = createApprovedTexts({
    approvals: ports.approvals,
    placeOf: (id) => [setup.folder, description.runbook.path, id].join('\n'),
    mask: masker.mask,
    ask: (question) => ask(question, abort.signal),
  })
  const secrets = createRunSecrets({ ports, approved, masker, folder: setup.folder })
  const runner = createStepRunner({
    setup,
    ports,
    shells,
    stream,
    masker,
    keyboard,
    approved,
    secrets,
    ask,
    onEnding: (step, { outcome }) => outcomes.set(step.id, outcome),
  })

  async function begin(): Promise<void> {
    if (begun) return
    begun = true
    const parameters = Object.fromEntries(
      Object.entries(description.parameters).map(([name, value]) => [name, masker.mask(value)]),
    )
    await stream.emit({ type: 'run-started', time: ports.now(), run: { ...description, parameters } })
  }

  async function carryOut(runbook: Runbook, selection: Selection): Promise<ExecuteResult> {
    const problem = await prepare(runbook, selection)
    if (problem !== undefined) return { kind: 'refused', problem: masker.maskProblem(problem) }
    if (abort.signal.aborted) return { kind: 'finished', outcome: 'cancelled' }
    const isFirst = !begun
    await begin()
    const broken = stream.broken()
    if (isFirst && broken !== undefined) return { kind: 'refused', problem: broken }
    const outcome = await carryOutPart(runbook, selection, abort.signal, {
      runner,
      ask,
      sleep: ports.sleep,
      mask: masker.mask,
    })
    const cut = stream.broken()
    return { kind: 'finished', outcome, ...(cut === undefined ? {} : { problem: cut }) }
  }

  /** Everything that can be refused, before anything runs: what a person is asked for comes last. */
  async function prepare(runbook: Runbook, selection: Selection): Promise<ExecutionProblem | undefined> {
    const steps = reachableSteps(runbook, selection)
    if (steps.length === 0) return emptySelection(selection)
    const problem = errorInText(runbook, steps) ?? (await checkMachine(steps, runbook, ports.shells))
    if (problem !== undefined) return problem
    runner.warmUp(runbook, steps)
    const declared = runbook.frontmatter.secrets
    if (!(await approved.approve(steps, await secrets.commands(steps, declared)))) {
      return { code: 'withdrawn', values: {} }
    }
    return (await secrets.obtain(steps, declared, abort.signal)) ?? (await askForLost(runbook, steps))
  }

  /** What another run captured is in no record. */
  async function askForLost(runbook: Runbook, steps: readonly Step[]): Promise<ExecutionProblem | undefined> {
    const has = (name: string) => Object.hasOwn(runner.setByRun(runbook), name)
    for (const { name, neededBy, capturedBy } of lostCaptures(runbook.steps, steps, has)) {
      const [title, step] = [masker.mask(neededBy.title), masker.mask(capturedBy.title)]
      const question = { stepId: neededBy.id, title, prompt: name, name, hidden: true, capturedBy: step }
      const answer = await ask({ kind: 'input', ...question }, abort.signal)
      if (answer.kind !== 'text') {
        return { code: 'captured-missing', values: { name, step, stepId: capturedBy.id } }
      }
      const wrong = checkSecretValue(answer.value)
      if (wrong !== undefined) return { code: wrong, values: { name } }
      runner.provide(runbook, name, answer.value)
    }
    return undefined
  }

  return {
    description,
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
      if (begun && lifecycle !== 'ended') {
        await stream.emit({ type: 'note', time: ports.now(), text: masker.mask(text) })
      }
    },
    type: keyboard.type,
    resize: keyboard.resize,
    endBackground: (stepId) => void runner.endBackground(stepId),
    cancel: () => abort.abort(),
    async finish() {
      if (lifecycle === 'ended') return worstOutcome([...outcomes.values()])
      lifecycle = 'ended'
      abort.abort()
      await running
      await runner.endBackground()
      ports.remember(description.id, masker.values())
      await shells.close()
      // What was repeated with success is no failure of the run: the last outcome of each step counts.
      const ended = [...outcomes.values()]
      const outcome = worstOutcome(ended)
      if (begun) await stream.emit({ type: 'run-ended', time: ports.now(), outcome, counts: countOutcomes(ended) })
      return outcome
    },
  }
}
