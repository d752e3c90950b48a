import * as vscode from 'vscode'
import type { SecretsAct } from '../record/act.ts'
import { checkSecretValue } from '../secrets/secret-value.ts'
import type { SecretFailure, SeenSecretStore } from '../secrets/store.ts'
import { executionProblemSentence } from '../wording/execution-problems.ts'
import { secretTestSentence, unchangedSentence } from '../wording/secrets.ts'
import { HumanError, registerCommands } from './command-boundary.ts'
import { locale, t } from './language.ts'
import { runbookName } from './runbook-library.ts'
import { requireTrust } from './secret-acts.ts'
import { chooseSecret, seenSecrets } from './secret-choice.ts'
import type { SecretClipboard } from './secret-clipboard.ts'
import type { SecretTransferSetup } from './secret-export.ts'
import { inputSecret } from './secret-input.ts'
import type { DeclaredSecret } from './secret-states.ts'

export interface SecretCommandsSetup extends SecretTransferSetup {
  readonly clipboard: SecretClipboard
  readonly log: vscode.LogOutputChannel
}

/** What an operator can do with declared secrets. No value is ever shown. */
export function registerSecretCommands(setup: SecretCommandsSetup): vscode.Disposable {
  const { states, vault, memory, acts, clipboard, log } = setup

  /** Whether setting it now changes a value that is there: by what the keychain shows, else by what is remembered. */
  async function isThere({ name }: DeclaredSecret, store: SeenSecretStore): Promise<boolean> {
    const sight = await store.look([name])
    const presence = sight.kind === 'seen' ? sight.presence[name] : 'unknown'
    return presence === 'set' || (presence === 'unknown' && (await memory.recall()).has(name))
  }

  /**
   * Undefined where it is the value that is there: nothing was changed, and its age counts on.
   * @throws HumanError whose button tries the same value again, so that nobody has to type it twice
   */
  async function keep(secret: DeclaredSecret, value: string): Promise<SecretsAct['act'] | undefined> {
    const { name } = secret
    const store = await vault.store()
    const failed = (failure: SecretFailure) =>
      new HumanError(unchangedSentence(name, failure, t), [again(() => keepAndRecord(secret, value))])
    const before = await waiting(store.get(name))
    if (before.kind === 'failed') throw failed(before.failure)
    if (before.kind === 'found' && before.value === value) return undefined
    const failure = await waiting(store.set(name, value))
    if (failure) throw failed(failure)
    return before.kind === 'found' ? 'secrets-changed' : 'secrets-set'
  }

  async function keepAndRecord(secret: DeclaredSecret, value: string): Promise<void> {
    const act = await keep(secret, value)
    if (act === undefined) {
      void vscode.window.showInformationMessage(t('{0} has this value already.', secret.name))
      return
    }
    await acts.record({ act }, [secret])
    say(t('{0} is kept in: {1}', secret.name, await vault.place()))
  }

  /** The secret that a command is about, one whose value is kept here. */
  async function choose(argument: unknown, question: string): Promise<DeclaredSecret | undefined> {
    const secret = await chooseSecret(states, argument, question)
    if (secret?.from !== undefined) throw new HumanError(printedSentence(secret.name, secret.from))
    return secret
  }

  async function set(argument: unknown): Promise<void> {
    requireTrust()
    const secret = await choose(argument, t('Which secret is to be set or changed?'))
    if (secret === undefined) return
    const replaces = await isThere(secret, await vault.store())
    const reason = replaces ? t('The new value takes the place of the one that is there.') : ''
    const value = await inputSecret(vault, secret.name, secret, reason)
    if (value !== undefined) await keepAndRecord(secret, value)
  }

  async function setMissing(): Promise<void> {
    requireTrust()
    const missing = (await seenSecrets(states)).filter(({ situation }) => isMissing(situation?.state.kind))
    if (missing.length === 0) return say(t('No secret is missing here.'))
    const done: DeclaredSecret[] = []
    try {
      for (const [index, { secret }] of missing.entries()) {
        const who = t('For: {0}.', secret.uses.map(({ entry }) => runbookName(entry)).join(', '))
        const value = await inputSecret(vault, secret.name, secret, who, `(${index + 1}/${missing.length})`)
        if (value === undefined) break
        await keep(secret, value)
        done.push(secret)
      }
    } finally {
      if (done.length > 0) await acts.record({ act: 'secrets-set' }, done)
    }
    say(t('{0} of {1} missing secrets were set.', done.length, missing.length))
  }

  async function remove(argument: unknown): Promise<void> {
    requireTrust()
    const secret = await choose(argument, t('Which secret is to be deleted?'))
    if (secret === undefined) return
    const confirmed = t('Delete')
    const question = t('Delete the value of {0}? It is kept in: {1}.', secret.name, await vault.place())
    const detail = t('Used by: {0}. It is asked for again when it is needed.', usersOf(secret))
    const options = { modal: true, ...(secret.uses.length > 0 ? { detail } : {}) }
    if ((await vscode.window.showWarningMessage(question, options, confirmed)) === confirmed) await removeNow(secret)
  }

  async function removeNow(secret: DeclaredSecret): Promise<void> {
    const store = await vault.store()
    const wasThere = await isThere(secret, store)
    const failure = await waiting(store.delete(secret.name))
    if (failure) throw new HumanError(unchangedSentence(secret.name, failure, t), [again(() => removeNow(secret))])
    if (wasThere) await acts.record({ act: 'secrets-deleted' }, [secret])
    say(t('{0} is deleted.', secret.name))
  }

  async function test(argument: unknown): Promise<void> {
    const secret = await choose(argument, t('Which secret is to be tested?'))
    if (secret === undefined) return
    const { name } = secret
    const lookup = await waiting((await vault.store()).get(name))
    const wrong = lookup.kind === 'found' ? checkSecretValue(lookup.value) : undefined
    const sentence = wrong
      ? executionProblemSentence({ code: wrong, values: { name } }, t)
      : secretTestSentence(name, lookup, await vault.place(), Date.now(), t, locale)
    void states.refresh()
    if (lookup.kind === 'found' && !wrong) void vscode.window.showInformationMessage(sentence)
    else if (lookup.kind === 'failed') throw new HumanError(sentence, [again(() => test(name))])
    else throw new HumanError(sentence, [{ label: t('Set value'), run: () => set(name) }])
  }

  async function copy(argument: unknown): Promise<void> {
    const secret = await choose(argument, t('Which secret is to be copied?'))
    if (secret === undefined) return
    const { name } = secret
    const lookup = await waiting((await vault.store()).get(name))
    if (lookup.kind === 'found') return clipboard.copy(secret.label ?? name, lookup.value)
    const sentence = secretTestSentence(name, lookup, await vault.place(), Date.now(), t, locale)
    void states.refresh()
    throw new HumanError(sentence, lookup.kind === 'failed' ? [again(() => copy(name))] : [])
  }

  async function showUses(argument: unknown): Promise<void> {
    const secret = await chooseSecret(states, argument, t('Which secret?'))
    if (secret === undefined) return
    const items = secret.uses.flatMap(({ entry, steps }) => [
      {
        label: `$(book) ${runbookName(entry)}`,
        description: vscode.workspace.asRelativePath(entry.uri),
        command: 'baton.openSecretDeclaration',
        arguments: [entry.uri, secret.name],
      },
      ...steps.map(({ id, title }) => ({
        label: `$(blank) ${title}`,
        description: runbookName(entry),
        command: 'baton.openStep',
        arguments: [{ uri: entry.uri, stepId: id }],
      })),
    ])
    const title = secret.label ?? secret.name
    const placeHolder = t('Runbooks and steps that use {0}', secret.name)
    const chosen = await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDescription: true })
    if (chosen) await vscode.commands.executeCommand(chosen.command, ...chosen.arguments)
  }

  return registerCommands(log, {
    'baton.setSecret': set,
    'baton.setMissingSecrets': setMissing,
    'baton.deleteSecret': remove,
    'baton.testSecret': test,
    'baton.copySecret': copy,
    'baton.clearClipboard': () => clipboard.clear(),
    'baton.showSecretUses': showUses,
    'baton.exportSecrets': async () => (await import('./secret-transfer.ts')).exportSecrets(setup),
    'baton.importSecrets': async () => (await import('./secret-transfer.ts')).importSecrets(setup),
    'baton.copyRecipient': async () => {
      const { copyRecipient } = await import('./secret-transfer.ts')
      return copyRecipient(vault, (await setup.machine()).transfers)
    },
  })
}

function printedSentence(name: string, command: string): string {
  return t('{0} is not kept here: a command prints it ({1}). Change it where that command has it from.', name, command)
}

function isMissing(kind: string | undefined): boolean {
  return kind === 'missing' || kind === 'removed'
}

function usersOf({ uses }: DeclaredSecret): string {
  return uses.map(({ entry }) => runbookName(entry)).join(', ')
}

function again(run: () => Promise<void>) {
  return { label: t('Try again'), run }
}

function say(sentence: string): void {
  vscode.window.setStatusBarMessage(sentence, 5000)
}

/** A keychain may ask the operator in a window of its own, for as long as they let it. */
function waiting<Result>(work: Promise<Result>): Thenable<Result> {
  const options = { location: vscode.ProgressLocation.Window, title: t('Waiting for the keychain…') }
  return vscode.window.withProgress(options, () => work)
}
