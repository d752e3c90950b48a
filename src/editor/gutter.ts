import * as vscode from 'vscode'
import type { Outcome } from '../execution/event.ts'
import type { Runbook } from '../runbook/runbook.ts'
import { executionProblemSentence } from '../wording/execution-problems.ts'
import { t } from './language.ts'
import type { RunActivity } from './run-activity.ts'
import type { RunbookLibrary } from './runbook-library.ts'
import { type StepState, stepState } from './step-state.ts'

type Mark = 'passed' | 'failed' | 'notrun'

/** ✓ ✗ ○ beside each step, and at the end of a failed step's line why, until it runs again. */
export function registerGutter(
  library: RunbookLibrary,
  activity: RunActivity,
  extensionUri: vscode.Uri,
): vscode.Disposable {
  const marks: Readonly<Record<Mark, vscode.TextEditorDecorationType>> = {
    passed: markType(extensionUri, 'passed', 'testing.iconPassed'),
    failed: markType(extensionUri, 'failed', 'testing.iconFailed'),
    notrun: markType(extensionUri, 'notrun'),
  }
  const message = vscode.window.createTextEditorDecorationType({
    after: { margin: '0 0 0 2em', color: new vscode.ThemeColor('editorError.foreground'), fontStyle: 'italic' },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  })
  let timer: NodeJS.Timeout | undefined

  async function draw(editor: vscode.TextEditor): Promise<void> {
    const { document } = editor
    const { version } = document
    const runbook = await library.ofDocument(document)
    if (document.version === version) drawRunbook(editor, runbook)
  }

  function drawRunbook(editor: vscode.TextEditor, runbook: Runbook): void {
    const { uri } = editor.document
    const places: Record<Mark, vscode.Range[]> = { passed: [], failed: [], notrun: [] }
    const failures: vscode.DecorationOptions[] = []
    for (const step of runbook.kind === 'runbook' ? runbook.steps : []) {
      const state = stepState(activity, uri, step)
      const { line } = step.range.start
      places[markOf(isGoingOn(state) ? undefined : state.outcome)].push(new vscode.Range(line, 0, line, 0))
      const why = isGoingOn(state) ? undefined : failureOf(state)
      if (why === undefined) continue
      const end = editor.document.lineAt(line).range.end
      failures.push({ range: new vscode.Range(end, end), renderOptions: { after: { contentText: why } } })
    }
    editor.setDecorations(marks.passed, places.passed)
    editor.setDecorations(marks.failed, places.failed)
    editor.setDecorations(marks.notrun, places.notrun)
    editor.setDecorations(message, failures)
  }

  function drawAll(): void {
    for (const editor of vscode.window.visibleTextEditors) if (isRunbookEditor(editor)) void draw(editor)
  }

  function soon(delay: number): void {
    clearTimeout(timer)
    timer = setTimeout(drawAll, delay)
  }

  drawAll()
  return vscode.Disposable.from(
    ...Object.values(marks),
    message,
    activity.onDidChange(() => soon(0)),
    vscode.window.onDidChangeVisibleTextEditors(() => soon(0)),
    vscode.workspace.onDidChangeTextDocument(() => soon(200)),
    { dispose: () => clearTimeout(timer) },
  )
}

function isRunbookEditor({ document }: vscode.TextEditor): boolean {
  return document.languageId === 'markdown' && ['file', 'untitled'].includes(document.uri.scheme)
}

function markType(extensionUri: vscode.Uri, mark: Mark, ruler?: string): vscode.TextEditorDecorationType {
  const icon = (theme: string) => vscode.Uri.joinPath(extensionUri, 'media', 'gutter', `${mark}-${theme}.svg`)
  return vscode.window.createTextEditorDecorationType({
    light: { gutterIconPath: icon('light') },
    dark: { gutterIconPath: icon('dark') },
    gutterIconSize: '80%',
    ...(ruler
      ? { overviewRulerColor: new vscode.ThemeColor(ruler), overviewRulerLane: vscode.OverviewRulerLane.Left }
      : {}),
  })
}

function markOf(outcome: Outcome | undefined): Mark {
  switch (outcome) {
    case 'succeeded':
      return 'passed'
    case 'failed':
    case 'timed-out':
      return 'failed'
    case 'skipped':
    case 'cancelled':
    case undefined:
      return 'notrun'
  }
}

/** A step that failed and asks whether to undo what was done before it has failed all the same. */
function isGoingOn({ current, besideSince }: StepState): boolean {
  return besideSince !== undefined || (current !== undefined && current.question?.kind !== 'undo')
}

/** What stands at the end of a line; the terminal says all of it. */
function shorten(sentence: string): string {
  const characters = [...sentence.replace(/\s+/gu, ' ')]
  return characters.length <= 90 ? characters.join('') : `${characters.slice(0, 89).join('')}…`
}

function failureOf({ outcome, last, failure }: StepState): string | undefined {
  if (outcome === 'timed-out') return t('Timed out')
  if (outcome !== 'failed') return undefined
  if (failure?.problem) return shorten(executionProblemSentence(failure.problem, t))
  if (last?.problemCode === 'output-differs') return t('Other output than expected')
  return last?.exitCode === undefined ? t('Failed') : t('Failed: exit code {0}', last.exitCode)
}
