import * as vscode from 'vscode'
import type { RecordFailure } from '../execution/run-api.ts'
import type { SecretsAct } from '../record/act.ts'
import { systemReason } from '../wording/execution-problems.ts'
import { HumanError } from './command-boundary.ts'
import { t } from './language.ts'
import { manageTrust } from './run-refusal.ts'
import type { DeclaredSecret } from './secret-states.ts'

/** Keeps on record what is done with secrets outside of runs. */
export interface SecretActs {
  /** In each repo whose runbooks declare some of the secrets, with the names of these. Says when it cannot. */
  record(act: Omit<SecretsAct, 'secrets'>, secrets: readonly DeclaredSecret[]): Promise<void>
  /** In the repo of one runbook. */
  recordAt(runbook: vscode.Uri, act: SecretsAct): Promise<void>
  /** The same; why it cannot is for the caller to say. */
  tryRecord(act: Omit<SecretsAct, 'secrets'>, secrets: readonly DeclaredSecret[]): Promise<RecordFailure | undefined>
}

export interface SecretActsSetup {
  /** Root of the repo that a file is in, else a folder for its records; absolute. */
  readonly rootOf: (uri: vscode.Uri) => Promise<string>
  readonly recordAct: (root: string, act: SecretsAct) => Promise<RecordFailure | undefined>
}

export function createSecretActs({ rootOf, recordAct }: SecretActsSetup): SecretActs {
  async function namesByRoot(secrets: readonly DeclaredSecret[]): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const byRoot = new Map<string, Set<string>>()
    for (const { name, uses } of secrets) {
      const declaredIn = uses.map(({ entry }) => entry.uri)
      for (const uri of declaredIn.length > 0 ? declaredIn : somewhere()) {
        const root = await rootOf(uri)
        byRoot.set(root, (byRoot.get(root) ?? new Set()).add(name))
      }
    }
    return byRoot
  }

  async function tryRecord(act: Omit<SecretsAct, 'secrets'>, secrets: readonly DeclaredSecret[]) {
    let first: RecordFailure | undefined
    for (const [root, names] of await namesByRoot(secrets)) {
      const failure = await recordAct(root, { ...act, secrets: [...names] })
      first ??= failure
    }
    return first
  }

  return {
    tryRecord,
    async record(act, secrets) {
      const failure = await tryRecord(act, secrets)
      if (failure) void vscode.window.showWarningMessage(notRecorded(failure))
    },
    async recordAt(runbook, act) {
      const failure = await recordAct(await rootOf(runbook), act)
      if (failure) void vscode.window.showWarningMessage(notRecorded(failure))
    },
  }
}

/** For what no runbook declares: a file in the first folder of the workspace. */
function somewhere(): readonly vscode.Uri[] {
  const [folder] = vscode.workspace.workspaceFolders ?? []
  return folder ? [vscode.Uri.joinPath(folder.uri, '.baton')] : []
}

function notRecorded({ problem }: RecordFailure): string {
  const { reason = '', path = '' } = problem.values
  return t('This was done, but it could not be put on record: {0} ({1}).', systemReason(reason, t), path)
}

/** What changes secrets leaves a record, and nothing is written into a folder that is not trusted. */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return
  throw new HumanError(t('This folder is not trusted: its secrets can be looked at, not changed.'), [manageTrust()])
}
