import * as vscode from 'vscode'
import type { Runbook } from '../runbook/runbook.ts'
import { locale, t } from './language.ts'
import { lensesOf } from './lenses-of-runbook.ts'
import type { RunActivity } from './run-activity.ts'
import type { RunbookLibrary } from './runbook-library.ts'

const runbooks: vscode.DocumentSelector = [
  { language: 'markdown', scheme: 'file' },
  { language: 'markdown', scheme: 'untitled' },
]

/** How long to wait until lenses that changed are asked for. */
const patienceMs = 4000
/** Where lenses are switched off they are never asked for. */
const mostReminders = 3

/** The actions and the last result above every step and procedure; they follow the text as it is typed. */
export function registerStepLenses(library: RunbookLibrary, activity: RunActivity): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>()
  let clock: NodeJS.Timeout | undefined
  let askedAt: number | undefined
  let reminder: NodeJS.Timeout | undefined
  let reminders = 0

  function redraw(): void {
    askedAt = Date.now()
    changed.fire()
    remindLater()
  }

  /**
   * VS Code drops what it was about to ask when the cursor leaves the editor meanwhile, as with a click into a view while a
   * file opens, and would not ask again before the cursor comes back.
   */
  function remindLater(): void {
    clearTimeout(reminder)
    reminder = setTimeout(() => {
      const isSeen = vscode.window.visibleTextEditors.some(
        ({ document }) => vscode.languages.match(runbooks, document) > 0,
      )
      if (!isSeen || reminders >= mostReminders) return
      reminders += 1
      redraw()
    }, patienceMs)
  }

  function answered(): void {
    askedAt = undefined
    reminders = 0
    clearTimeout(reminder)
  }

  /**
   * VS Code waits after each change, longer the slower the computer is, and starts to wait anew at the next one: a clock that
   * ticks faster than that would keep everything from being drawn, so it lets an open request be answered first.
   */
  function redrawClock(): void {
    if (askedAt === undefined || Date.now() - askedAt > patienceMs) redraw()
  }

  /** A second is counted only while something runs that somebody can see. */
  function tick(): void {
    const ticking = vscode.window.visibleTextEditors.some(({ document }) => {
      const active = activity.active(document.uri)
      return active?.current !== undefined || (active?.background.length ?? 0) > 0
    })
    if (ticking && !clock) clock = setInterval(redrawClock, 1000)
    if (!ticking && clock) {
      clearInterval(clock)
      clock = undefined
    }
  }

  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses(document) {
      answered()
      if (!vscode.workspace.getConfiguration('baton', document).get('codeLens.enabled', true)) return []
      const draw = (runbook: Runbook) =>
        lensesOf(document.uri, runbook, titleLine(document, runbook), activity, vscode.workspace.isTrusted, {
          t,
          locale,
          now: Date.now(),
        }).map(({ line, command }) => new vscode.CodeLens(new vscode.Range(line, 0, line, 0), command))
      const runbook = library.ofDocument(document)
      return runbook instanceof Promise ? runbook.then(draw) : draw(runbook)
    },
  }

  remindLater()
  return vscode.Disposable.from(
    changed,
    vscode.languages.registerCodeLensProvider(runbooks, provider),
    activity.onDidChange(() => {
      redraw()
      tick()
    }),
    vscode.window.onDidChangeVisibleTextEditors(() => {
      tick()
      remindLater()
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(redraw),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('baton.codeLens')) redraw()
    }),
    {
      dispose() {
        clearInterval(clock)
        clearTimeout(reminder)
      },
    },
  )
}

/** The line of the first heading of level 1 above the first step, else the first line. */
function titleLine(document: vscode.TextDocument, { frontmatter, steps }: Runbook): number {
  const firstStep = steps[0]?.range.start.line ?? 0
  for (let line = frontmatter.range?.end.line ?? 0; line < firstStep; line++) {
    if (/^ {0,3}#\s/.test(document.lineAt(line).text)) return line
  }
  return 0
}
