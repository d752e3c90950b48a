import * as vscode from 'vscode'
import type { Answer, Selection } from '../execution/event.ts'
import { resolveParameters } from '../execution/parameters.ts'
import { startRun } from '../execution/run.ts'
import type { RunPorts } from '../execution/run-api.ts'
import type { RunSite } from '../execution/run-site.ts'
import { sha256 } from '../execution/step-text.ts'
import type { Runbook } from '../runbook/runbook.ts'
import { outcomeSymbol, outcomeWord, stepCount } from '../wording/outcomes.ts'
import { duration, locale, t } from './language.ts'
import { askForParameters } from './parameter-input.ts'
import type { ActiveRun } from './run-activity.ts'
import { refusal } from './run-refusal.ts'
import { createRunSession, type RunSession } from './run-session.ts'
import { openRunTerminal } from './run-terminal.ts'
import { fileName, type RunbookLibrary } from './runbook-library.ts'
import { obtainSecret } from './secret-input.ts'
import type { SecretVault } from './secret-vault.ts'
import { runbookSha256, textSha256 } from './step-state.ts'
import { askForText } from './text-question.ts'

export interface RunControllerSetup {
  readonly library: RunbookLibrary
  readonly vault: SecretVault
  readonly memory: vscode.Memento
  readonly version: string
  /** Loaded when the first run starts. */
  readonly machine: () => Promise<Pick<RunPorts, 'shells' | 'resolvePath' | 'approvals' | 'sleep'>>
  readonly siteOf: (runbook: vscode.Uri) => Promise<RunSite>
}

export interface RunController extends vscode.Disposable {
  readonly onDidChange: vscode.Event<vscode.Uri | undefined>
  /** A run was closed; its record is complete. */
  readonly onDidFinish: vscode.Event<{
    readonly view: ActiveRun
    readonly summary: string
    readonly recordPath?: string
  }>
  active(uri: vscode.Uri): ActiveRun | undefined
  sessions(): readonly RunSession[]
  session(uri: vscode.Uri | undefined): RunSession | undefined
  /**
   * Carries out a part of a runbook as it stands on the screen, in the open run or a new one.
   * @param drawn what `drawnNow` was when the button was drawn; another text now is not run
   */
  run(uri: vscode.Uri, selection: Selection, drawn?: string): Promise<void>
  answer(uri: vscode.Uri, answer: Answer): boolean
  cancel(uri?: vscode.Uri): void
  finish(uri?: vscode.Uri): Promise<void>
  finishAll(): Promise<void>
}

export function createRunController(setup: RunControllerSetup): RunController {
  const sessions = new Map<string, RunSession>()
  const opening = new Set<string>()
  const changed = new vscode.EventEmitter<vscode.Uri | undefined>()
  const finished = new vscode.EventEmitter<{ view: ActiveRun; summary: string; recordPath?: string }>()

  const find = (uri: vscode.Uri | undefined) =>
    uri === undefined ? [...sessions.values()].at(-1) : sessions.get(uri.toString())

  async function open(uri: vscode.Uri, runbook: Runbook, text: string): Promise<RunSession | undefined> {
    const title = runbook.title || fileName(uri)
    const given = await parametersOf(uri, title, runbook)
    if (given === undefined) return undefined
    const [{ shells, resolvePath, approvals, sleep }, site] = await Promise.all([setup.machine(), setup.siteOf(uri)])
    const { path, record } = site.openRecord()
    const sensitive = runbook.frontmatter.parameters.flatMap(({ name, sensitive }) => (sensitive ? [name] : []))
    const session: RunSession = createRunSession({
      uri,
      title,
      recordPath: path,
      onDidChange: () => changed.fire(uri),
      askForText,
      openTerminal: (surface) =>
        openRunTerminal(title, {
          question: surface.question,
          answer: surface.answer,
          cancel: () => session.run.cancel(),
          type: (keys) => session.run.type(keys),
          resize: (size) => session.run.resize(size),
          showChanges: () => void vscode.commands.executeCommand('baton.step.showApproval', uri),
          close: () => void finish(session),
        }),
      startRun: (ports) =>
        startRun(
          {
            description: {
              id: crypto.randomUUID().replaceAll('-', '').slice(0, 12),
              runbook: { path: site.path, title, sha256: sha256(text) },
              operator: site.operator,
              host: site.host,
              parameters: given,
              secrets: runbook.frontmatter.secrets.map(({ name }) => name),
              origin: 'editor',
              version: setup.version,
              ...(site.git === undefined ? {} : { git: site.git }),
            },
            folder: site.folder,
            file: fileName(uri),
            parameters: given,
            sensitive,
          },
          {
            shells,
            resolvePath,
            approvals,
            sleep,
            ...ports,
            now: Date.now,
            record,
            secret: (name, stepTitle) => {
              const declaration = runbook.frontmatter.secrets.find((secret) => secret.name === name)
              return obtainSecret(setup.vault, name, declaration, stepTitle)
            },
          },
        ),
    })
    if (!site.isRepository) {
      session.terminal.say(
        t('This folder is not in a git repository: the record is kept here, but nothing versions it.'),
      )
    }
    return session
  }

  async function parametersOf(uri: vscode.Uri, title: string, runbook: Runbook) {
    const { parameters } = runbook.frontmatter
    if (parameters.length === 0) return {}
    const key = `parameters:${uri.toString()}`
    const given = await askForParameters(title, parameters, setup.memory.get<Record<string, string>>(key) ?? {})
    if (given === undefined) return undefined
    const kept = parameters.filter(({ sensitive }) => !sensitive).map(({ name }) => [name, given[name] ?? ''])
    await setup.memory.update(key, Object.fromEntries(kept))
    return resolveParameters(parameters, given).values
  }

  async function run(uri: vscode.Uri, selection: Selection, drawn?: string): Promise<void> {
    const again = () => run(uri, selection)
    if (!vscode.workspace.isTrusted) throw refusal({ code: 'untrusted', values: {} }, { again })
    const document = await vscode.workspace.openTextDocument(uri)
    const runbook = await setup.library.ofDocument(document)
    if (drawn !== undefined && drawnNow(runbook, selection) !== drawn) {
      throw refusal({ code: 'runbook-changed', values: {} }, { again })
    }
    const key = uri.toString()
    const running = sessions.get(key)
    if (opening.has(key) || running?.run.state === 'busy') {
      throw refusal({ code: 'busy', values: {} }, { again, ...(running && { show: running.terminal.show }) })
    }
    opening.add(key)
    let session: RunSession | undefined
    try {
      session = running ?? (await open(uri, runbook, document.getText()))
    } finally {
      opening.delete(key)
    }
    if (session === undefined) return
    sessions.set(key, session)
    session.terminal.show()
    const result = await session.execute(runbook, selection)
    if (result.kind === 'refused') {
      if (session.recordPath() === undefined) drop(session)
      if (result.problem.code === 'withdrawn') return
      throw refusal(result.problem, { again })
    }
    if (result.problem !== undefined) {
      await finish(session)
      throw refusal(result.problem, { again })
    }
    if (session.isComplete() || (selection.kind === 'runbook' && result.outcome === 'succeeded')) await finish(session)
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
    finished.fire({ view, summary, ...(recordPath === undefined ? {} : { recordPath }) })
    changed.fire(session.uri)
  }

  return {
    onDidChange: changed.event,
    onDidFinish: finished.event,
    active: (uri) => sessions.get(uri.toString())?.view(),
    sessions: () => [...sessions.values()],
    session: find,
    run,
    answer: (uri, answer) => find(uri)?.answer(answer) ?? false,
    cancel: (uri) => find(uri)?.run.cancel(),
    async finish(uri) {
      const session = find(uri)
      if (session) await finish(session)
    },
    async finishAll() {
      await Promise.all([...sessions.values()].map(finish))
    },
    dispose() {
      changed.dispose()
      finished.dispose()
    },
  }
}

/** A hash of the text that a button stands for: its step's, or that of all steps. */
function drawnNow(runbook: Runbook, selection: Selection): string | undefined {
  if (selection.kind !== 'step') return runbookSha256(runbook)
  const step = runbook.steps.find(({ id }) => id === selection.stepId)
  return step && textSha256(step)
}
