import * as vscode from 'vscode'
import type { RunEvent } from '../execution/event.ts'
import type { Runbook } from '../runbook/runbook.ts'
import type { FromGuide, GuidePlace, ToGuide } from '../webview/guide/messages.ts'
import { report } from './command-boundary.ts'
import { createGuideActions } from './guide-actions.ts'
import { createGuideAttempts } from './guide-attempts.ts'
import { type CompanionSetup, createGuideCompanion } from './guide-companion.ts'
import { guideContent } from './guide-content.ts'
import { pictureRoots } from './guide-links.ts'
import type { GuideMemory } from './guide-memory.ts'
import { isThrough, placeAfter, placeIn } from './guide-place.ts'
import { guideProgress } from './guide-progress.ts'
import { createGuideRun } from './guide-run.ts'
import { bytes, t } from './language.ts'
import { readGuideMessage } from './read-guide-message.ts'
import { goingOn, type RecalledRun, recalled } from './recalled-run.ts'
import type { RunController } from './run-controller.ts'
import type { RunHistory } from './run-history.ts'
import { fileName, type RunbookLibrary } from './runbook-library.ts'
import { scrollAlong } from './scroll-along.ts'
import { openWebviewPanel } from './webview-panel.ts'

export interface GuideDeskSetup {
  readonly library: RunbookLibrary
  readonly controller: RunController
  readonly extension: vscode.Uri
  readonly log: vscode.LogOutputChannel
  /** What following a run needs. */
  readonly following: CompanionSetup
  readonly history: Pick<RunHistory, 'onDidChange'>
  readonly onClose: () => void
}

/** Where a Guide begins. */
export interface GuideWish {
  readonly stepId?: string | undefined
  /** The record of a run that is shown beside it. */
  readonly followed?: vscode.Uri | undefined
  /** The panel that VS Code kept while the window was loaded anew, and what its page kept. */
  readonly restored?: { readonly panel: vscode.WebviewPanel; readonly memory: GuideMemory }
}

/** One open Guide: ties its page to the runbook and to the run. */
export interface GuideDesk extends vscode.Disposable {
  reveal(): void
  go(to: GuidePlace): void
}

/** How long typing in the editor has to rest before the page follows, and how often output goes to the page. */
const restMs = 250
const outputMs = 80

export async function createGuideDesk(
  uri: vscode.Uri,
  { stepId, followed, restored }: GuideWish,
  { library, controller, extension, log, following, history, onClose }: GuideDeskSetup,
): Promise<GuideDesk> {
  let document = await vscode.workspace.openTextDocument(uri)
  let runbook: Runbook = await library.ofDocument(document)
  const companion =
    followed &&
    (await createGuideCompanion(followed, { document, runbook }, following, (message) => panel.send(message)))
  const keeper = createGuideRun(
    () => runbook.frontmatter.parameters,
    (count) => t('Left out here: {0}', bytes(count)),
  )
  for (const event of controller.session(uri)?.events() ?? []) keeper.handle(event)
  const running = controller.active(uri)?.current?.stepId
  let at = placeIn(runbook, restored?.memory.at ?? placeOf(stepId ?? running))
  /** The run of a window that was closed or loaded anew. */
  let earlier: RecalledRun | undefined
  let recordPath = restored?.memory.run?.record
  let reading: NodeJS.Timeout | undefined
  let printing: NodeJS.Timeout | undefined

  const attempts = createGuideAttempts(log, sendProgress)
  const { attempt } = attempts
  const actions = createGuideActions(uri, {
    controller,
    document: () => document,
    recordPath: () => controller.session(uri)?.recordPath() ?? recordPath,
    companion: () => companion,
    continued: () => earlier && goingOn(earlier, runbook.frontmatter.parameters),
    go,
    attempt,
    remedy: (index) => attempts.refusal()?.remedies[index]?.run(),
  })
  const panel = openWebviewPanel<ToGuide, FromGuide, GuideMemory>({
    panel: companion ? 'follow' : 'guide',
    ...(companion && { rendersTerminal: true }),
    title: title(),
    extension,
    roots: pictureRoots(uri),
    column: vscode.ViewColumn.Active,
    icon: new vscode.ThemeIcon('compass'),
    restored: restored?.panel,
    read: readGuideMessage,
    onReady() {
      sendContent()
      for (const message of companion?.messages() ?? []) panel.send(message)
      sendProgress()
      sendAllOutput()
    },
    onMessage: (message) => void attempt(() => actions.receive(message)),
    onClose() {
      clearTimeout(reading)
      clearTimeout(printing)
      owned.dispose()
      onClose()
    },
  })

  function title(): string {
    const name = runbook.title || fileName(uri)
    return companion ? t('Follow: {0}', name) : name
  }

  function sendContent(): void {
    const path = vscode.workspace.asRelativePath(uri)
    const places = { picture: (relative: string) => panel.addressOf(vscode.Uri.joinPath(uri, '..', relative)) }
    panel.send({ type: 'content', content: guideContent({ uri, path, text: document.getText() }, runbook, places) })
  }

  function sendProgress(): void {
    const session = controller.session(uri)
    const progress = guideProgress({
      ...keeper.state(),
      at,
      runbook,
      session,
      isStarting: attempts.isStarting(),
      cutOff: earlier?.cutOff,
      refusal: attempts.refusal(),
    })
    panel.send({ type: 'progress', progress })
    remember()
  }

  /** The end that closing gives a run is none of its operator's. */
  function remember(): void {
    if (controller.isClosing) return
    const session = controller.session(uri)
    const record = session?.recordPath() ?? recordPath
    const isOpen = session !== undefined || earlier?.cutOff !== undefined
    panel.remember({
      runbook: uri.toString(),
      at,
      ...(followed && { followed: followed.toString() }),
      ...(record !== undefined && { run: { record, isOpen } }),
    })
  }

  /** As the record of the run that the page showed before the window was loaded anew tells it. */
  async function recall(run: GuideMemory['run']): Promise<void> {
    if (run === undefined || controller.session(uri)) return
    earlier = await recalled(run, (record) => following.transcriptOf(vscode.Uri.file(record)), log)
    if (earlier === undefined) return
    keeper.recall(earlier.transcript)
    sendAllOutput()
    const { follows } = earlier.transcript.run ?? {}
    if (companion && follows === companion.follows.run) await companion.compare(run.record)
  }

  function sendAllOutput(): void {
    keeper.takeOutput()
    for (const [id, text] of keeper.outputs()) panel.send({ type: 'output-reset', stepId: id, text })
  }

  function sendOutput(): void {
    printing = undefined
    for (const { stepId: id, text, reset } of keeper.takeOutput()) {
      panel.send({ type: reset ? 'output-reset' : 'output', stepId: id, text })
    }
  }

  function go(to: GuidePlace): void {
    if (to.kind === 'step' && !runbook.steps.some(({ id }) => id === to.stepId)) return
    at = to
    attempts.forget()
    if (to.kind === 'step') scrollAlong(uri, runbook, to.stepId)
    sendProgress()
    finishAtEnd()
  }

  /** The end of the way ends the run, where nothing went wrong on it. */
  function finishAtEnd(): void {
    const isIdle = controller.session(uri)?.run.state === 'idle'
    if (at.kind === 'end' && isIdle && isThrough(runbook, keeper.state().standings)) void controller.finish(uri)
  }

  function follow(event: RunEvent): void {
    keeper.handle(event)
    switch (event.type) {
      case 'run-started':
        earlier = undefined
        break
      case 'step-started':
        if (event.step.serves === undefined) go({ kind: 'step', stepId: event.step.id })
        break
      case 'step-ended': {
        const kind = runbook.steps.find(({ id }) => id === event.stepId)?.kind
        const isDone = event.outcome === 'succeeded' || event.outcome === 'skipped'
        const isHere = at.kind === 'step' && at.stepId === event.stepId
        compareOwn(event.execution)
        if (isHere && isDone && kind !== 'command') actions.goOn(placeAfter(at, runbook, keeper.state().standings))
        break
      }
    }
    printing ??= setTimeout(sendOutput, outputMs)
  }

  /** Of a run that follows the same as the page. */
  function compareOwn(execution?: number): void {
    const session = controller.session(uri)
    const record = session?.recordPath()
    if (companion === undefined || record === undefined) return
    if (session?.run.description.follows !== companion.follows.run) return
    companion.compare(record, execution).catch((error: unknown) => report(error, 'guide', log))
  }

  /** The page follows what is typed in the editor. */
  async function readAgain(): Promise<void> {
    document = await vscode.workspace.openTextDocument(uri)
    runbook = await library.ofDocument(document)
    at = placeIn(runbook, at)
    panel.setTitle(title())
    companion?.read(document, runbook)
    sendContent()
    sendProgress()
  }

  const isMine = (other: vscode.Uri) => other.toString() === uri.toString()
  const owned = vscode.Disposable.from(
    controller.attend(uri, () => panel.isVisible()),
    controller.onDidEmit(({ uri: where, event }) => isMine(where) && follow(event)),
    controller.onDidChange((where) => {
      if (where !== undefined && !isMine(where)) return
      actions.settleOpenQuestion()
      sendProgress()
      finishAtEnd()
    }),
    controller.onDidFinish((finished) => {
      if (isMine(finished.uri)) recordPath = finished.recordPath
    }),
    vscode.workspace.onDidChangeTextDocument((event) => {
      if (!isMine(event.document.uri)) return
      clearTimeout(reading)
      reading = setTimeout(() => void readAgain(), restMs)
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(sendProgress),
    history.onDidChange(() => {
      if (earlier?.cutOff === 'open') void attempt(() => recall(restored?.memory.run))
    }),
  )
  compareOwn()
  if (restored) await attempt(() => recall(restored.memory.run))
  return { go, reveal: () => panel.reveal(), dispose: () => panel.dispose() }
}

function placeOf(stepId: string | undefined): GuidePlace {
  return stepId === undefined ? { kind: 'start' } : { kind: 'step', stepId }
}
