import * as vscode from 'vscode'
import { wayThrough } from '../execution/walk.ts'
import type { Runbook } from '../runbook/runbook.ts'
import type { FromGuide, GuidePlace, GuideProgress, ToGuide } from '../webview/guide/messages.ts'
import { report } from './command-boundary.ts'
import { guideContent } from './guide-content.ts'
import { followLink, pictureRoots } from './guide-links.ts'
import { readGuideMessage } from './read-guide-message.ts'
import type { RunbookLibrary } from './runbook-library.ts'
import { fileName } from './runbook-library.ts'
import { type OpenedPanel, openWebviewPanel } from './webview-panel.ts'

export interface GuideDeskSetup {
  readonly library: RunbookLibrary
  readonly extension: vscode.Uri
  readonly log: vscode.LogOutputChannel
  readonly onClose: () => void
}

/** One open Guide: ties its page to the runbook and to the run. */
export interface GuideDesk extends vscode.Disposable {
  reveal(): void
  go(to: GuidePlace): void
}

/** How long typing in the editor has to rest before the page follows. */
const restMs = 250

export async function createGuideDesk(
  uri: vscode.Uri,
  stepId: string | undefined,
  { library, extension, log, onClose }: GuideDeskSetup,
): Promise<GuideDesk> {
  let document = await vscode.workspace.openTextDocument(uri)
  let runbook: Runbook = await library.ofDocument(document)
  let at: GuidePlace = stepId === undefined ? { kind: 'start' } : { kind: 'step', stepId }
  let timer: NodeJS.Timeout | undefined

  const panel: OpenedPanel<ToGuide> = openWebviewPanel<ToGuide, FromGuide>({
    panel: 'guide',
    title: runbook.title || fileName(uri),
    extension,
    roots: pictureRoots(uri),
    column: vscode.ViewColumn.Active,
    icon: new vscode.ThemeIcon('compass'),
    read: readGuideMessage,
    onReady() {
      sendContent()
      sendProgress()
    },
    onMessage: (message) => void receive(message).catch((error: unknown) => report(error, 'guide', log)),
    onClose() {
      clearTimeout(timer)
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
    const progress: GuideProgress = {
      at,
      way: wayThrough(runbook, new Map()),
      isTrusted: vscode.workspace.isTrusted,
      standings: {},
    }
    panel.send({ type: 'progress', progress })
  }

  function go(to: GuidePlace): void {
    if (to.kind === 'step' && !runbook.steps.some(({ id }) => id === to.stepId)) return
    at = to
    sendProgress()
  }

  async function receive(message: FromGuide): Promise<void> {
    switch (message.type) {
      case 'go':
        return go(message.to)
      case 'follow-link':
        return followLink(uri, message.href)
      case 'show-runbook':
        await vscode.window.showTextDocument(document, { preview: false })
        return
    }
  }

  /** The page follows what is typed in the editor. */
  async function readAgain(): Promise<void> {
    document = await vscode.workspace.openTextDocument(uri)
    runbook = await library.ofDocument(document)
    if (at.kind === 'step') go(at)
    panel.setTitle(runbook.title || fileName(uri))
    sendContent()
    sendProgress()
  }

  const owned = vscode.Disposable.from(
    vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document.uri.toString() !== uri.toString()) return
      clearTimeout(timer)
      timer = setTimeout(() => void readAgain(), restMs)
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(sendProgress),
  )
  return { go, reveal: () => panel.reveal(), dispose: () => panel.dispose() }
}
