import * as vscode from 'vscode'
import type { Answer, Outcome, RunEvent, Selection } from '../execution/event.ts'
import type { AttachmentSource } from '../execution/run-site.ts'
import { textSha256 } from '../execution/step-text.ts'
import type { Runbook } from '../runbook/runbook.ts'
import { outcomeSymbol, outcomeWord, stepCount } from '../wording/outcomes.ts'
import { duration, locale, t } from './language.ts'
import type { ActiveRun } from './run-activity.ts'
import {
  type OpenedRunbook,
  openRun,
  type Preparation,
  type RunCircumstances,
  type RunOpeningSetup,
} from './run-opening.ts'
import { refusal } from './run-refusal.ts'
import type { RunSession } from './run-session.ts'
import type { RunTerminal } from './run-terminal.ts'
import type { RunbookLibrary } from './runbook-library.ts'
import { runbookSha256 } from './step-state.ts'

export interface RunControllerSetup extends RunOpeningSetup {
  readonly library: RunbookLibrary
  /** Sees to what has to be done before a runbook; undefined when the operator withdrew. */
  readonly prepare: (opened: OpenedRunbook, run: RunController['run']) => Promise<Preparation | undefined>
}

export interface RunRequest extends RunCircumstances {
  readonly uri: vscode.Uri
  readonly selection: Selection
  /** What `drawnNow` was when the button was drawn; another text now is not run. */
  readonly drawn?: string | undefined
  /** The run is over with this part, however it went. */
  readonly closes?: true
  /** One step of a whole runbook: what comes before it is seen to, and the run stays open for what comes after it. */
  readonly guided?: true
}

/** What came of a request that was carried out. */
export interface CarriedOut {
  readonly run: string
  readonly outcome: Outcome
  readonly recordPath: string | undefined
}

export interface RunController extends vscode.Disposable {
  readonly onDidChange: vscode.Event<vscode.Uri | undefined>
  /** A run was closed; its record is complete. */
  readonly onDidFinish: vscode.Event<{
    readonly uri: vscode.Uri
    readonly view: ActiveRun
    readonly summary: string
    readonly recordPath?: string
  }>
  /** What happens in the runs of this window. */
  readonly onDidEmit: vscode.Event<{ readonly uri: vscode.Uri; readonly event: RunEvent }>
  /**
   * Says that a surface shows the run of a runbook and answers its questions, while `isVisible` says so: the terminal and input
   * boxes stay back then.
   */
  attend(uri: vscode.Uri, isVisible: () => boolean): vscode.Disposable
  active(uri: vscode.Uri): ActiveRun | undefined
  sessions(): readonly RunSession[]
  session(uri: vscode.Uri | undefined): RunSession | undefined
  /**
   * Carries out a part of a runbook as it stands on the screen, in the open run or a new one. Undefined when the operator
   * withdrew.
   */
  run(request: RunRequest): Promise<CarriedOut | undefined>
  /** Sees to what has to be done before a runbook, once for several runs; undefined when the operator withdrew. */
  prepare(opened: OpenedRunbook): Promise<Preparation | undefined>
  answer(uri: vscode.Uri, answer: Answer): boolean
  /** Keeps files for the answer to the manual step that waits. Throws what cannot be attached, as a sentence. */
  attach(uri: vscode.Uri, sources: readonly AttachmentSource[]): Promise<void>
  cancel(uri?: vscode.Uri): void
  /** Ends a step that runs in the background; false when none such does. */
  endBackground(uri: vscode.Uri, stepId: string): boolean
  finish(uri?: vscode.Uri): Promise<void>
  /** Because the window goes away: what ends now was not ended by its operator, and `isClosing` says so. */
  finishAll(): Promise<void>
  readonly isClosing: boolean
}

export function createRunController(setup: RunControllerSetup): RunController {
  const sessions = new Map<string, RunSession>()
  const opening = new Set<string>()
  /** Terminals of runs that are over: one for each runbook stays for reading. */
  const read = new Map<string, RunTerminal>()
  const changed = new vscode.EventEmitter<vscode.Uri | undefined>()
  const emitted = new vscode.EventEmitter<{ uri: vscode.Uri; event: RunEvent }>()
  const attendants = new Map<string, () => boolean>()
  let closing = false
  const finished = new vscode.EventEmitter<{ uri: vscode.Uri; view: ActiveRun; summary: string; recordPath?: string }>()

  const find = (uri: vscode.Uri | undefined) =>
    uri === undefined ? [...sessions.values()].at(-1) : sessions.get(uri.toString())

  const isAttended = (uri: vscode.Uri) => attendants.get(uri.toString())?.() ?? false

  async function run(request: RunRequest): Promise<CarriedOut | undefined> {
    const { uri, selection, drawn } = request
    const again = () => run({ ...request, drawn: undefined })
    if (!vscode.workspace.isTrusted) throw refusal({ code: 'untrusted', values: {} }, { again })
    const document = await vscode.workspace.openTextDocument(uri)
    const opened = { uri, runbook: await setup.library.ofDocument(document), text: document.getText() }
    if (drawn !== undefined && drawnNow(opened.runbook, selection) !== drawn) {
      throw refusal({ code: 'runbook-changed', values: {} }, { again })
    }
    const session = await sessionFor(opened, request, again)
    if (session === undefined) return undefined
    if (!isAttended(uri)) session.terminal.show()
    const result = await session.execute(opened.runbook, selection)
    if (result.kind === 'refused') {
      if (session.recordPath() === undefined) drop(session)
      if (result.problem.code === 'withdrawn') return undefined
      const runStep = (stepId: string) => run({ uri, selection: { kind: 'step', stepId } })
      throw refusal(result.problem, { again, runStep })
    }
    if (result.problem !== undefined) {
      await finish(session)
      throw refusal(result.problem, { again })
    }
    const isToTheEnd = selection.kind === 'runbook' || (request.resumes !== undefined && !request.guided)
    const isOver = isToTheEnd && result.outcome === 'succeeded' && session.view().background.length === 0
    if (isOver || request.closes || (!request.guided && session.isComplete())) await finish(session)
    return { run: session.run.description.id, outcome: result.outcome, recordPath: session.recordPath() }
  }

  /** The open run of a runbook, else a new one. */
  async function sessionFor(
    opened: OpenedRunbook,
    request: RunRequest,
    again: () => Promise<unknown>,
  ): Promise<RunSession | undefined> {
    const key = opened.uri.toString()
    const running = sessions.get(key)
    if (opening.has(key) || running?.run.state === 'busy') {
      throw refusal({ code: 'busy', values: {} }, { again, ...(running && { show: running.terminal.show }) })
    }
    const followsOther = request.follows && request.follows.run !== running?.run.description.follows
    const isNew = request.resumes !== undefined || request.batch !== undefined || followsOther
    if (running !== undefined && !isNew) return running
    opening.add(key)
    try {
      if (running !== undefined) await finish(running)
      const isWhole = (request.selection.kind === 'runbook' || request.guided) && request.prerequisites === undefined
      const preparation = isWhole ? await setup.prepare(opened, run) : {}
      if (preparation === undefined) return undefined
      const session = await openRun(opened, { ...preparation, ...request }, setup, {
        onDidChange: () => changed.fire(opened.uri),
        onEvent: (event) => emitted.fire({ uri: opened.uri, event }),
        isAttended: () => isAttended(opened.uri),
        onClose: (closed) => void finish(closed),
      })
      if (session === undefined) return undefined
      sessions.set(key, session)
      read.get(key)?.dispose()
      read.delete(key)
      return session
    } finally {
      opening.delete(key)
    }
  }

  function drop(session: RunSession): void {
    sessions.delete(session.uri.toString())
    session.terminal.dispose()
    void session.run.finish()
    changed.fire(session.uri)
  }

  async function finish(session: RunSession): Promise<void> {
    if (sessions.get(session.uri.toString()) !== session) return
    const outcome = await session.run.finish()
    sessions.delete(session.uri.toString())
    const view = session.view()
    const recordPath = session.recordPath()
    const summary = [
      `${outcomeSymbol(outcome)} ${outcomeWord(outcome, t)}`,
      stepCount(view.outcomes.size, t, locale),
      duration(Date.now() - view.startedAt),
    ].join(' · ')
    const shown = recordPath && vscode.workspace.asRelativePath(recordPath)
    session.terminal.say([summary, shown].filter(Boolean).join(' · '))
    session.terminal.ended()
    read.set(session.uri.toString(), session.terminal)
    finished.fire({ uri: session.uri, view, summary, ...(recordPath === undefined ? {} : { recordPath }) })
    changed.fire(session.uri)
  }

  return {
    onDidChange: changed.event,
    onDidFinish: finished.event,
    onDidEmit: emitted.event,
    attend(uri, isVisible) {
      attendants.set(uri.toString(), isVisible)
      return { dispose: () => attendants.delete(uri.toString()) }
    },
    active: (uri) => sessions.get(uri.toString())?.view(),
    sessions: () => [...sessions.values()],
    session: find,
    run,
    prepare: (opened) => setup.prepare(opened, run),
    async attach(uri, sources) {
      const session = find(uri)
      for (const source of sources) {
        const attaching = await session?.attach(source)
        if (attaching?.kind !== 'refused') continue
        throw refusal(attaching.problem, { again: () => Promise.resolve() })
      }
    },
    answer: (uri, answer) => find(uri)?.answer(answer) ?? false,
    cancel: (uri) => find(uri)?.run.cancel(),
    endBackground(uri, stepId) {
      const session = sessions.get(uri.toString())
      const isRunning = session?.view().background.some((step) => step.stepId === stepId) ?? false
      if (isRunning) session?.run.endBackground(stepId)
      return isRunning
    },
    async finish(uri) {
      const session = find(uri)
      if (session) await finish(session)
    },
    get isClosing() {
      return closing
    },
    async finishAll() {
      closing = true
      await Promise.all([...sessions.values()].map(finish))
    },
    dispose() {
      changed.dispose()
      finished.dispose()
      emitted.dispose()
    },
  }
}

/** A hash of the text that a button stands for: its step's, or that of all steps. */
function drawnNow(runbook: Runbook, selection: Selection): string | undefined {
  if (selection.kind !== 'step') return runbookSha256(runbook)
  const step = runbook.steps.find(({ id }) => id === selection.stepId)
  return step && textSha256(step)
}
