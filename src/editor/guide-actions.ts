import * as vscode from 'vscode'
import type { Answer } from '../execution/event.ts'
import type { FromGuide, GivenFile, GuidePlace } from '../webview/guide/messages.ts'
import { HumanError } from './command-boundary.ts'
import type { GuideCompanion } from './guide-companion.ts'
import { followLink } from './guide-links.ts'
import { t } from './language.ts'
import type { Continued } from './recalled-run.ts'
import type { RunController } from './run-controller.ts'

export interface GuideActionsSetup {
  readonly controller: RunController
  readonly document: () => vscode.TextDocument
  readonly recordPath: () => string | undefined
  readonly go: (to: GuidePlace) => void
  /** Carries out what a person asked for, and says on the page why it was not done. */
  readonly attempt: (action: () => unknown) => Promise<void>
  /** What the next run goes on from, where the window cut one off. */
  readonly continued: () => Continued | undefined
  /** The run that is followed, where one is. */
  readonly companion: () => GuideCompanion | undefined
  /** Does what a button of the refusal says. */
  readonly remedy: (index: number) => unknown
}

export interface GuideActions {
  receive(message: FromGuide): Promise<unknown> | undefined
  /** Gives the answer that was given before its question was asked. */
  settleOpenQuestion(): void
  /** Goes where a settled step leads, when the run has taken that in. */
  goOn(place: GuidePlace | undefined): void
}

/** How a step is to end. */
interface Settlement {
  readonly stepId: string
  readonly answer: Answer
  readonly files: readonly GivenFile[]
}

/** Does what the page of a Guide asks for. */
export function createGuideActions(uri: vscode.Uri, setup: GuideActionsSetup): GuideActions {
  const { controller, go } = setup
  let given: Settlement | undefined
  /** Files that are beside the record already: an answer that was refused is given again. */
  const kept = new Set<number>()

  function isAsked(stepId: string): boolean {
    const question = controller.session(uri)?.question()
    return question?.stepId === stepId && (question.kind === 'manual' || question.kind === 'decision')
  }

  async function runStep(stepId: string, drawn: string): Promise<void> {
    const { follows } = setup.companion() ?? {}
    const { run, ...before } = setup.continued() ?? {}
    await controller.run({
      uri,
      selection: { kind: 'step', stepId },
      drawn,
      guided: true,
      ...(follows && { follows }),
      ...(run !== undefined && { ...before, resumes: { run, step: stepId } }),
    })
  }

  /** The answer is there before its question: the step is begun, and answered when it asks. */
  async function settle(drawn: string, settlement: Settlement): Promise<void> {
    const { stepId } = settlement
    if (isAsked(stepId)) return conclude(settlement)
    given = settlement
    try {
      await runStep(stepId, drawn)
    } finally {
      given = undefined
    }
  }

  /** What one says of a run stands in a record that names its last line: the run has to be over. */
  async function signOff(message: Extract<FromGuide, { type: 'sign-off' }>): Promise<void> {
    if (controller.session(uri)?.run.state === 'busy') {
      throw new HumanError(t('A step still runs. Wait for it, or stop it first.'))
    }
    await controller.finish(uri)
    await setup.companion()?.signOff(message)
  }

  /** The files first: without them nothing is answered. */
  async function conclude({ answer, files }: Settlement): Promise<void> {
    for (const { id, name, content } of files) {
      if (kept.has(id)) continue
      await controller.attach(uri, [{ kind: 'content', name, content }])
      kept.add(id)
    }
    controller.answer(uri, answer)
  }

  return {
    receive(message) {
      switch (message.type) {
        case 'go':
          go(message.to)
          return
        case 'run':
          return runStep(message.stepId, message.drawn)
        case 'settle':
          return settle(message.drawn, message)
        case 'answer':
          controller.answer(uri, message.answer)
          return
        case 'stop':
          controller.cancel(uri)
          return
        case 'finish':
          return controller.finish(uri)
        case 'show-terminal':
          controller.session(uri)?.terminal.show(true)
          return
        case 'show-runbook':
          return Promise.resolve(vscode.window.showTextDocument(setup.document(), { preview: false }))
        case 'show-record':
          return command('baton.openRecord', setup.recordPath())
        case 'stop-background':
          controller.endBackground(uri, message.stepId)
          return
        case 'manage-trust':
          return command('workbench.trust.manage')
        case 'sign-off':
          return signOff(message)
        case 'replay':
          return setup.companion()?.replay(message.execution)
        case 'follow-link':
          return followLink(uri, message.href)
        case 'remedy':
          return Promise.resolve(setup.remedy(message.index))
      }
    },
    settleOpenQuestion() {
      if (given === undefined || !isAsked(given.stepId)) return
      const settlement = given
      given = undefined
      // The run tells of its question while it is asked: the terminal has to show it first.
      setTimeout(() => void setup.attempt(() => conclude(settlement)))
    },
    goOn(place) {
      // The run is busy until its step has been taken in.
      if (place) setTimeout(() => go(place))
    },
  }
}

async function command(id: string, ...args: readonly unknown[]): Promise<void> {
  await vscode.commands.executeCommand(id, ...args)
}
