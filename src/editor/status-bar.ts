import * as vscode from 'vscode'
import { formatClock } from '../wording/durations.ts'
import { t } from './language.ts'
import type { RunController } from './run-controller.ts'
import { shortTitle } from './short-title.ts'

/** How long the result of a finished run stays. */
const afterglowMs = 30_000

/** Shows for a while what has just ended. */
export type Afterglow = (summary: string, tooltip: string, command: vscode.Command | undefined) => void

/** One item: what runs now, or for a while what has just ended. A click offers what can be done about it. */
export function registerStatusBar(controller: RunController): vscode.Disposable & { readonly afterglow: Afterglow } {
  const item = vscode.window.createStatusBarItem('baton.run', vscode.StatusBarAlignment.Left, 50)
  item.name = t('Baton: run')
  let ticking: NodeJS.Timeout | undefined
  let fading: NodeJS.Timeout | undefined

  function update(): void {
    const session = controller.session(undefined)
    if (session === undefined) {
      clearInterval(ticking)
      ticking = undefined
      if (fading === undefined) item.hide()
      return
    }
    clearTimeout(fading)
    fading = undefined
    const view = session.view()
    const question = view.current?.question
    const { batch } = session.run.description
    const row = batch ? `${t('row {0}/{1}', batch.row, batch.rows)} · ` : ''
    const count = `${row}${view.done}/${view.total}`
    const icon = question
      ? 'bell-dot'
      : view.current?.interactive
        ? 'keyboard'
        : view.current
          ? 'sync~spin'
          : 'circle-outline'
    const time = view.current && !question ? ` ${formatClock(Date.now() - view.current.startedAt)}` : ''
    const beside = view.background.length > 0 ? ` $(server-process) ${view.background.length}` : ''
    const more = controller.sessions().length > 1 ? ` +${controller.sessions().length - 1}` : ''
    item.text = `$(${icon}) ${shortTitle(view.title)} ${count}${time}${beside}${more}`
    item.tooltip = view.current?.interactive
      ? t('“{0}” waits for what you type in its terminal', view.title)
      : question
        ? t('“{0}” waits for your answer', question.title)
        : view.current
          ? t('Running: {0}. Click to stop or show it.', view.title)
          : t('This run is open: {0}. Click to finish it.', view.title)
    item.command = 'baton.showStatusMenu'
    item.backgroundColor = question ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined
    item.accessibilityInformation = { label: `${view.title} ${count}. ${item.tooltip}` }
    item.show()
    ticking ??= setInterval(update, 1000)
  }

  const afterglow: Afterglow = (summary, tooltip, command) => {
    if (controller.sessions().length > 0) return
    item.text = summary
    item.backgroundColor = undefined
    item.tooltip = tooltip
    item.command = command
    item.accessibilityInformation = { label: `${summary}. ${tooltip}` }
    item.show()
    clearTimeout(fading)
    fading = setTimeout(() => {
      fading = undefined
      item.hide()
    }, afterglowMs)
  }

  const owned = vscode.Disposable.from(
    item,
    controller.onDidChange(update),
    controller.onDidFinish(({ summary, recordPath, view }) => {
      const open = recordPath && { command: 'baton.openRecord', title: t('Open record'), arguments: [recordPath] }
      afterglow(summary, t('{0}. Click to open the record.', view.title), open || undefined)
    }),
    new vscode.Disposable(() => {
      clearInterval(ticking)
      clearTimeout(fading)
    }),
  )
  return { afterglow, dispose: () => owned.dispose() }
}

/** What can be done about an open run, as a list of verbs. */
export async function showStatusMenu(controller: RunController): Promise<void> {
  const session = await chooseSession(controller)
  if (session === undefined) return
  const { uri } = session
  const question = session.question()
  const answers: Verb[] = []
  switch (question?.kind) {
    case 'manual':
      answers.push(
        { label: `$(check) ${t('Done')}`, description: question.title, run: () => session.answer({ kind: 'done' }) },
        {
          label: `$(file-add) ${t('Attach a file…')}`,
          run: () => vscode.commands.executeCommand('baton.attach', uri),
        },
        { label: `$(note) ${t('Done, with a note…')}`, run: () => answerWithNote(controller, uri, 'done') },
        { label: `$(debug-step-over) ${t('Skip')}`, run: () => session.answer({ kind: 'skip' }) },
        { label: `$(error) ${t('Failed, with a note…')}`, run: () => answerWithNote(controller, uri, 'fail') },
      )
      break
    case 'confirm':
      answers.push(
        { label: `$(play) ${t('Run step')}`, description: question.title, run: () => session.answer({ kind: 'done' }) },
        { label: `$(debug-step-over) ${t('Skip')}`, run: () => session.answer({ kind: 'skip' }) },
      )
      break
    case 'decision':
      for (const { label, target } of question.choices) {
        answers.push({ label: `$(git-branch) ${label}`, run: () => session.answer({ kind: 'choice', target }) })
      }
      break
    case 'approve':
      answers.push(
        {
          label: `$(check) ${t('Approve and run')}`,
          description: question.steps.map(({ title }) => title).join(', '),
          run: () => session.answer({ kind: 'done' }),
        },
        {
          label: `$(diff) ${t('Show as a diff')}`,
          run: () => vscode.commands.executeCommand('baton.step.showApproval', uri),
        },
      )
      break
    case 'undo':
      answers.push(
        {
          label: `$(discard) ${t('Undo what was done')}`,
          description: question.steps.map(({ title }) => title).join(', '),
          run: () => session.answer({ kind: 'done' }),
        },
        { label: `$(debug-step-over) ${t('Leave as it is')}`, run: () => session.answer({ kind: 'skip' }) },
      )
      break
    case 'input':
    case undefined:
      break
  }
  const verbs: Verb[] = [
    ...answers,
    { label: `$(terminal) ${t('Show terminal')}`, run: () => session.terminal.show() },
    ...(session.run.state === 'busy'
      ? [{ label: `$(debug-stop) ${t('Stop this step')}`, run: () => session.run.cancel() }]
      : []),
    ...session.view().background.map(({ stepId, title }) => ({
      label: `$(debug-stop) ${t('Stop “{0}”', title)}`,
      description: t('in the background'),
      run: () => controller.endBackground(uri, stepId),
    })),
    { label: `$(pass) ${t('Finish the run')}`, run: () => controller.finish(uri) },
    { label: `$(note) ${t('Add a note…')}`, run: () => addNote(controller, uri) },
  ]
  const chosen = await vscode.window.showQuickPick(verbs, { title: session.view().title })
  await chosen?.run()
}

interface Verb extends vscode.QuickPickItem {
  readonly run: () => unknown
}

async function chooseSession(controller: RunController) {
  const sessions = controller.sessions()
  if (sessions.length < 2) return sessions[0]
  const items = sessions.map((session) => ({ label: session.view().title, session }))
  return (await vscode.window.showQuickPick(items, { placeHolder: t('Which run?') }))?.session
}

/** Asks for a note and answers a manual step with it. */
export async function answerWithNote(controller: RunController, uri: vscode.Uri, kind: 'done' | 'fail'): Promise<void> {
  const note = await vscode.window.showInputBox({
    title: controller.session(uri)?.question()?.title ?? '',
    prompt: kind === 'done' ? t('What should be remembered?') : t('What went wrong?'),
    ignoreFocusOut: true,
  })
  if (note !== undefined) controller.answer(uri, { kind, note })
}

async function addNote(controller: RunController, uri: vscode.Uri): Promise<void> {
  const session = controller.session(uri)
  const text = await vscode.window.showInputBox({
    title: session?.view().title ?? '',
    prompt: t('What should be remembered?'),
    ignoreFocusOut: true,
  })
  if (text) await session?.run.note(text)
}
