import * as vscode from 'vscode'
import type { RunEvent } from '../execution/event.ts'
import type { Runbook } from '../runbook/runbook.ts'
import type { FromGuide, GuidePlace, GuideProgress, ToGuide } from '../webview/guide/messages.ts'
import { isHumanError, type Remedy, report } from './command-boundary.ts'
import { createGuideActions } from './guide-actions.ts'
import { type CompanionSetup, createGuideCompanion } from './guide-companion.ts'
import { guideContent } from './guide-content.ts'
import { pictureRoots } from './guide-links.ts'
import { isThrough, placeAfter, wayOf } from './guide-place.ts'
import { createGuideRun } from './guide-run.ts'
import { t } from './language.ts'
import { readGuideMessage } from './read-guide-message.ts'
import type { RunController } from './run-controller.ts'
import { fileName, type RunbookLibrary } from './runbook-library.ts'
import { openWebviewPanel } from './webview-panel.ts'

export interface GuideDeskSetup {
  readonly library: RunbookLibrary
  readonly controller: RunController
  readonly extension: vscode.Uri
  readonly log: vscode.LogOutputChannel
  /** What following a run needs. */
  readonly following: CompanionSetup
  readonly onClose: () => void
}

/** Where a Guide begins. */
export interface GuideWish {
  readonly stepId?: string | undefined
  /** The record of a run that is shown beside it. */
  readonly followed?: vscode.Uri
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
  { stepId, followed }: GuideWish,
  { library, controller, extension, log, following, onClose }: GuideDeskSetup,
): Promise<GuideDesk> {
  let document = await vscode.workspace.openTextDocument(uri)
  let runbook: Runbook = await library.ofDocument(document)
  const companion =
    followed &&
    (await createGuideCompanion(followed, { document, runbook }, following, (message) => panel.send(message)))
  const keeper = createGuideRun(() => runbook.frontmatter.parameters)
  for (const event of controller.session(uri)?.events() ?? []) keeper.handle(event)
  const running = controller.active(uri)?.current?.stepId
  let at: GuidePlace = placeOf(stepId ?? running)
  let refusal: { readonly sentence: string; readonly remedies: readonly Remedy[] } | undefined
  let recordPath: string | undefined
  /** Asked for, and not begun yet: its parameters are being typed. */
  let starting = 0
  let reading: NodeJS.Timeout | undefined
  let printing: NodeJS.Timeout | undefined

  const actions = createGuideActions(uri, {
    controller,
    document: () => document,
    recordPath: () => controller.session(uri)?.recordPath() ?? recordPath,
    companion: () => companion,
    go,
    attempt,
    remedy: (index) => refusal?.remedies[index]?.run(),
  })
  const panel = openWebviewPanel<ToGuide, FromGuide>({
    panel: companion ? 'follow' : 'guide',
    ...(companion && { rendersTerminal: true }),
    title: companion ? t('Follow: {0}', runbook.title || fileName(uri)) : runbook.title || fileName(uri),
    extension,
    roots: pictureRoots(uri),
    column: vscode.ViewColumn.Active,
    icon: new vscode.ThemeIcon('compass'),
    read: readGuideMessage,
    onReady() {
      sendContent()
      for (const message of companion?.messages() ?? []) panel.send(message)
      sendProgress()
      keeper.takeOutput()
      for (const [id, text] of keeper.outputs()) panel.send({ type: 'output-reset', stepId: id, text })
    },
    onMessage: (message) => void attempt(() => actions.receive(message)),
    onClose() {
      clearTimeout(reading)
      clearTimeout(printing)
      owned.dispose()
      onClose()
    },
  })

  function sendContent(): void {
    const path = vscode.workspace.asRelativePath(uri)
    const places = { picture: (relative: string) => panel.addressOf(vscode.Uri.joinPath(uri, '..', relative)) }
    panel.send({ type: 'content', content: guideContent({ uri, path, text: document.getText() }, runbook, places) })
  }

  function sendProgress(): void {
    const { run, standings } = keeper.state()
    const session = controller.session(uri)
    const { current, background = [] } = session?.view() ?? {}
    const next = placeAfter(at, runbook, standings)
    const progress: GuideProgress = {
      at,
      ...(next && { next }),
      way: wayOf(runbook, standings),
      isTrusted: vscode.workspace.isTrusted,
      isBusy: starting > 0 || session?.run.state === 'busy',
      standings,
      background: background.map(({ stepId: id, startedAt }) => ({ stepId: id, startedAt })),
      attached: session?.attached().map(({ name }) => name) ?? [],
      ...(run && { run }),
      ...(current && { current: { stepId: current.stepId, startedAt: current.startedAt } }),
      ...(current?.question && { question: current.question }),
      ...(refusal && { refusal: { ...refusal, remedies: refusal.remedies.map(({ label }) => label) } }),
    }
    panel.send({ type: 'progress', progress })
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
    refusal = undefined
    showInEditor()
    sendProgress()
    finishAtEnd()
  }

  /** The end of the way ends the run, where nothing went wrong on it. */
  function finishAtEnd(): void {
    const isIdle = controller.session(uri)?.run.state === 'idle'
    if (at.kind === 'end' && isIdle && isThrough(runbook, keeper.state().standings)) void controller.finish(uri)
  }

  /** Where the runbook stands beside the page, it scrolls along. */
  function showInEditor(): void {
    const { range } = runbook.steps.find(({ id }) => at.kind === 'step' && id === at.stepId) ?? {}
    const editor = vscode.window.visibleTextEditors.find(
      (visible) => visible.document.uri.toString() === uri.toString(),
    )
    if (range === undefined || editor === undefined) return
    const shown = new vscode.Range(range.start.line, 0, range.end.line, 0)
    editor.revealRange(shown, vscode.TextEditorRevealType.InCenterIfOutsideViewport)
  }

  /** What a person can mend is said on the page; a bug is reported as everywhere. */
  async function attempt(action: () => unknown): Promise<void> {
    refusal = undefined
    starting += 1
    try {
      const pending = action()
      sendProgress()
      await pending
    } catch (error) {
      if (isHumanError(error)) refusal = { sentence: error.message, remedies: error.remedies }
      else await report(error, 'guide', log)
    } finally {
      starting -= 1
      sendProgress()
    }
  }

  function follow(event: RunEvent): void {
    keeper.handle(event)
    switch (event.type) {
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
    if (at.kind === 'step' && !runbook.steps.some(({ id }) => at.kind === 'step' && id === at.stepId)) {
      at = { kind: 'start' }
    }
    panel.setTitle(runbook.title || fileName(uri))
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
  )
  compareOwn()
  return { go, reveal: () => panel.reveal(), dispose: () => panel.dispose() }
}

function placeOf(stepId: string | undefined): GuidePlace {
  return stepId === undefined ? { kind: 'start' } : { kind: 'step', stepId }
}
