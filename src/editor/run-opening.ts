import * as vscode from 'vscode'
import type { RunDescription, RunEvent } from '../execution/event.ts'
import { resolveParameters } from '../execution/parameters.ts'
import type { RunPorts } from '../execution/run-api.ts'
import type { RunSite } from '../execution/run-site.ts'
import { sha256 } from '../execution/step-text.ts'
import type { Runbook } from '../runbook/runbook.ts'
import { t } from './language.ts'
import { askForParameters } from './parameter-input.ts'
import { createRunSession, type RunSession } from './run-session.ts'
import { openRunTerminal, type RunTerminal, type TerminalActions } from './run-terminal.ts'
import { fileName } from './runbook-library.ts'
import { obtainSecret } from './secret-input.ts'
import type { SecretVault } from './secret-vault.ts'
import { askForText } from './text-question.ts'

export interface RunOpeningSetup {
  readonly vault: SecretVault
  /** What was typed in earlier runs. */
  readonly memory: vscode.Memento
  readonly version: string
  /** Loaded when the first run starts. */
  readonly machine: () => Promise<MachinePorts>
  readonly siteOf: (runbook: vscode.Uri) => Promise<RunSite>
}

type MachinePorts = Pick<RunPorts, 'shells' | 'resolvePath' | 'approvals' | 'sleep' | 'secretCommand' | 'remember'>

/** What makes a run more than a runbook that somebody started. */
export interface RunCircumstances {
  /** Values that need not be asked for. */
  readonly parameters?: Readonly<Record<string, string>>
  readonly batch?: RunDescription['batch']
  readonly resumes?: RunDescription['resumes']
  readonly prerequisites?: RunDescription['prerequisites']
  /** The run that this one follows, and the values that it had, as far as they may be shown. */
  readonly follows?: { readonly run: string; readonly values: Readonly<Record<string, string>> }
  /** Lines that the terminal says before anything else. */
  readonly remarks?: readonly string[]
  /** How several runs share what commands printed. */
  readonly secretCommand?: (run: RunPorts['secretCommand']) => RunPorts['secretCommand']
  /** A terminal that several runs share. */
  readonly terminal?: (actions: TerminalActions) => RunTerminal
}

/** How a runbook stands to what has to be done before it. */
export type Preparation = Pick<RunCircumstances, 'prerequisites' | 'remarks'>

export interface OpenedRunbook {
  readonly uri: vscode.Uri
  readonly runbook: Runbook
  readonly text: string
}

export interface RunHooks {
  readonly onDidChange: () => void
  readonly onEvent: (event: RunEvent) => void
  readonly isAttended: () => boolean
  /** The terminal was closed. */
  readonly onClose: (session: RunSession) => void
}

/** Opens a run: asks for its parameters, and puts a terminal beside it. Undefined when the operator withdrew. */
export async function openRun(
  { uri, runbook, text }: OpenedRunbook,
  circumstances: RunCircumstances,
  setup: RunOpeningSetup,
  hooks: RunHooks,
): Promise<RunSession | undefined> {
  const title = runbook.title || fileName(uri)
  const parameters =
    circumstances.parameters ?? (await parametersOf(uri, runbook, setup.memory, circumstances.follows?.values))
  if (parameters === undefined) return undefined
  // On demand: a window in which nothing runs need not read what runs things.
  const [machine, site, { startRun }] = await Promise.all([
    setup.machine(),
    setup.siteOf(uri),
    import('../execution/run.ts'),
  ])
  const outputLimit = vscode.workspace.getConfiguration('baton', uri).get<number>('records.outputLimit')
  const record = site.openRecord({ outputLimit: (outputLimit ?? 1) * 1024 * 1024 })
  const { batch, resumes, follows, prerequisites } = circumstances
  const description: RunDescription = {
    id: crypto.randomUUID().replaceAll('-', '').slice(0, 12),
    runbook: { path: site.path, title, sha256: sha256(text) },
    operator: site.operator,
    host: site.host,
    parameters,
    secrets: runbook.frontmatter.secrets.map(({ name }) => name),
    origin: 'editor',
    version: setup.version,
    ...(site.git && { git: site.git }),
    ...(batch && { batch }),
    ...(resumes && { resumes }),
    ...(follows && { follows: follows.run }),
    ...(prerequisites?.length ? { prerequisites } : {}),
  }
  const openTerminal = circumstances.terminal ?? ((actions: TerminalActions) => openRunTerminal(title, actions))
  const session: RunSession = createRunSession({
    uri,
    title,
    recordPath: record.path,
    attach: record.attach,
    onDidChange: hooks.onDidChange,
    onEvent: hooks.onEvent,
    isAttended: hooks.isAttended,
    askForText,
    openTerminal: (surface) =>
      openTerminal({
        question: surface.question,
        answer: surface.answer,
        cancel: () => session.run.cancel(),
        type: (keys) => session.run.type(keys),
        resize: (size) => session.run.resize(size),
        showChanges: () => void vscode.commands.executeCommand('baton.step.showApproval', uri),
        close: () => hooks.onClose(session),
      }),
    startRun: (ports) =>
      startRun(
        {
          description,
          folder: site.folder,
          file: fileName(uri),
          parameters,
          sensitive: runbook.frontmatter.parameters.flatMap(({ name, sensitive }) => (sensitive ? [name] : [])),
        },
        {
          ...ports,
          shells: machine.shells,
          resolvePath: machine.resolvePath,
          approvals: machine.approvals,
          sleep: machine.sleep,
          remember: machine.remember,
          secretCommand: circumstances.secretCommand?.(machine.secretCommand) ?? machine.secretCommand,
          now: Date.now,
          record: record.record,
          secret: (name, stepTitle) => {
            const declaration = runbook.frontmatter.secrets.find((secret) => secret.name === name)
            return obtainSecret(setup.vault, name, declaration, stepTitle)
          },
        },
      ),
  })
  if (!site.isRepository) {
    session.terminal.say(t('This folder is not in a git repository: the record is kept here, but nothing versions it.'))
  }
  for (const remark of circumstances.remarks ?? []) session.terminal.say(remark)
  return session
}

/**
 * Values for all parameters of a runbook, typed or as the last time. Undefined when the operator withdrew.
 * @param earlier values of the run that is followed, by name
 */
export async function parametersOf(
  uri: vscode.Uri,
  { title, frontmatter: { parameters } }: Runbook,
  memory: vscode.Memento,
  earlier: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, string>> | undefined> {
  if (parameters.length === 0) return {}
  const key = `parameters:${uri.toString()}`
  const given = await askForParameters(
    title || fileName(uri),
    parameters,
    memory.get<Record<string, string>>(key) ?? {},
    earlier,
  )
  if (given === undefined) return undefined
  const kept = parameters.filter(({ sensitive }) => !sensitive).map(({ name }) => [name, given[name] ?? ''])
  await memory.update(key, Object.fromEntries(kept))
  return resolveParameters(parameters, given).values
}
