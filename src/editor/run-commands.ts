import * as vscode from 'vscode'
import type { Answer } from '../execution/event.ts'
import { chooseBackgroundStep } from './background-step.ts'
import { HumanError, registerCommands } from './command-boundary.ts'
import { t } from './language.ts'
import type { RunController } from './run-controller.ts'
import type { RunbookLibrary } from './runbook-library.ts'
import { firstStepOf, procedureById } from './runbook-places.ts'
import { openSample } from './sample.ts'
import { answerWithNote, showStatusMenu } from './status-bar.ts'
import type { StepChange } from './step-change.ts'
import { type Target, targetAtCursor, targetOf } from './target.ts'

export interface RunCommandsSetup {
  readonly controller: RunController
  readonly library: RunbookLibrary
  readonly change: StepChange
  readonly extension: vscode.Uri
  readonly log: vscode.LogOutputChannel
}

/** Everything that an operator can ask of runs, from a CodeLens, the tree, the palette or a key. */
export function registerRunCommands({
  controller,
  library,
  change,
  extension,
  log,
}: RunCommandsSetup): vscode.Disposable {
  /** What a command works on: its arguments, else the cursor. */
  async function target(argument: unknown, id: unknown): Promise<Target> {
    const found = argument === undefined ? await targetAtCursor(library) : targetOf(argument)
    if (found === undefined) throw new HumanError(t('Open a runbook and put the cursor into a step.'))
    return typeof id === 'string' ? { ...found, stepId: id } : found
  }

  async function stepTarget(argument: unknown, id: unknown): Promise<{ uri: vscode.Uri; stepId: string }> {
    const { uri, stepId } = await target(argument, id)
    if (stepId === undefined) throw new HumanError(t('Open a runbook and put the cursor into a step.'))
    return { uri, stepId }
  }

  /** A procedure of the tree stands for its first step. */
  async function beginningOf(argument: unknown): Promise<unknown> {
    const { uri, stepId, procedureId } = (argument === undefined ? undefined : targetOf(argument)) ?? {}
    if (uri === undefined || stepId !== undefined || procedureId === undefined) return argument
    const runbook = await library.ofDocument(await vscode.workspace.openTextDocument(uri))
    const procedure = procedureById(runbook.procedures, procedureId)
    const first = procedure && firstStepOf(runbook, procedure)
    return first ? { uri, stepId: first.id } : argument
  }

  /** Whoever is no admin is led step by step, unless they have the runbook's text before them. */
  async function isForGuide(argument: unknown, uri: vscode.Uri): Promise<boolean> {
    if (argument === undefined || argument instanceof vscode.Uri) return false
    const { frontmatter } = await library.ofDocument(await vscode.workspace.openTextDocument(uri))
    return frontmatter.audience === 'anyone'
  }

  const uriOf = (argument: unknown) => (argument === undefined ? undefined : targetOf(argument)?.uri)

  return registerCommands(log, {
    async 'baton.runStep'(argument, id, drawn) {
      const { uri, stepId } = await stepTarget(argument, id)
      await controller.run({ uri, selection: { kind: 'step', stepId }, drawn: textOf(drawn) })
    },
    async 'baton.runFromHere'(argument, id, drawn) {
      const { uri, stepId } = await stepTarget(await beginningOf(argument), id)
      await controller.run({ uri, selection: { kind: 'from', stepId }, drawn: textOf(drawn) })
    },
    async 'baton.runProcedure'(argument, id, drawn) {
      const found = await target(argument, undefined)
      const procedureId = textOf(id) ?? found.procedureId
      if (procedureId === undefined) throw new HumanError(t('Open a runbook and put the cursor into a procedure.'))
      await controller.run({ uri: found.uri, selection: { kind: 'procedure', procedureId }, drawn: textOf(drawn) })
    },
    async 'baton.runRunbook'(argument, drawn) {
      const { uri } = await target(argument, undefined)
      if (await isForGuide(argument, uri)) return vscode.commands.executeCommand('baton.openGuide', uri)
      await controller.run({ uri, selection: { kind: 'runbook' }, drawn: textOf(drawn) })
    },
    'baton.cancel': (argument) => controller.cancel(uriOf(argument)),
    async 'baton.stopBackground'(argument, id) {
      const found = argument === undefined ? undefined : await stepTarget(argument, id)
      const chosen = found ?? (await chooseBackgroundStep(controller))
      if (chosen && !controller.endBackground(chosen.uri, chosen.stepId))
        throw new HumanError(t('This step does not run in the background any more.'))
    },
    'baton.finish': (argument) => controller.finish(uriOf(argument)),
    async 'baton.answer'(argument, answer, asksNote) {
      const uri = uriOf(argument) ?? controller.session(undefined)?.uri
      if (uri === undefined || !isAnswer(answer)) return
      const wantsNote = asksNote === true && (answer.kind === 'done' || answer.kind === 'fail')
      if (wantsNote) await answerWithNote(controller, uri, answer.kind)
      else controller.answer(uri, answer)
    },
    async 'baton.attach'(argument) {
      const session = controller.session(uriOf(argument))
      if (session?.question()?.kind !== 'manual') throw new HumanError(t('No manual step waits for you now.'))
      const files = await vscode.window.showOpenDialog({ canSelectMany: true, openLabel: t('Attach') })
      await controller.attach(
        session.uri,
        (files ?? []).map(({ fsPath }) => ({ kind: 'file', path: fsPath })),
      )
    },
    'baton.showTerminal'(argument) {
      const session = controller.session(uriOf(argument))
      session?.terminal.show(session.view().current?.interactive)
    },
    'baton.showStatusMenu': () => showStatusMenu(controller),
    'baton.newRunbook': async () => (await import('./new-runbook.ts')).newRunbook(),
    'baton.openSample': () => openSample(extension),
    async 'baton.step.showChange'(argument, id) {
      const { uri, stepId } = await stepTarget(argument, id)
      await change.show(uri, stepId)
    },
    async 'baton.step.showApproval'(argument, id) {
      const session = controller.session(uriOf(argument))
      const question = session?.question()
      if (question?.kind !== 'approve') return
      const steps = question.steps.filter(({ stepId }) => id === undefined || stepId === id)
      const title = steps.length === 1 ? (steps[0]?.title ?? '') : question.title
      await change.compare(
        t('{0}: approved before ↔ now', title),
        steps.map(({ stepId, secret = stepId, previous = '', text }) => ({
          stepId: secret,
          before: previous,
          now: text,
        })),
      )
    },
    async 'baton.step.showDifference'(argument, id) {
      const { uri, stepId } = await stepTarget(argument, id)
      await change.showDifference(uri, stepId, controller.active(uri)?.failures.get(stepId)?.difference)
    },
  })
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string'
}
