import * as vscode from 'vscode'
import type { CommandStep } from '../runbook/runbook.ts'
import type { SecretUse } from '../secrets/inventory.ts'
import type { SecretSituation } from '../secrets/situation.ts'
import type { SecretFailure } from '../secrets/store.ts'
import { formatDate } from '../wording/dates.ts'
import { daysWords, placeFailureWords, rotationWords, secretStateWords } from '../wording/secrets.ts'
import { runningIcon, stepIcon } from './icons.ts'
import { age, locale, t } from './language.ts'
import { type LibraryEntry, runbookName } from './runbook-library.ts'
import type { DeclaredSecret, StatedSecret } from './secret-states.ts'

export type SecretsNode = FailureNode | SecretNode | UseNode | StepUseNode

/** The store cannot be read: one line above the secrets. */
export interface FailureNode {
  readonly kind: 'failure'
  readonly failure: SecretFailure
  readonly place: string
}

export interface SecretNode extends StatedSecret {
  readonly kind: 'secret'
  /** In words, where values are kept. */
  readonly place: string | undefined
}

/** A runbook that declares a secret. */
export interface UseNode {
  readonly kind: 'use'
  readonly uri: vscode.Uri
  readonly use: SecretUse<LibraryEntry>
}

export interface StepUseNode {
  readonly kind: 'step'
  readonly uri: vscode.Uri
  readonly stepId: string
  readonly step: CommandStep
  readonly name: string
}

const { Collapsed, None } = vscode.TreeItemCollapsibleState

export function secretsItem(node: SecretsNode): vscode.TreeItem {
  switch (node.kind) {
    case 'failure':
      return failureItem(node)
    case 'secret':
      return secretItem(node)
    case 'use':
      return useItem(node)
    case 'step':
      return stepItem(node)
  }
}

function failureItem({ failure, place }: FailureNode): vscode.TreeItem {
  const words = placeFailureWords(failure.code, t)
  const item = new vscode.TreeItem(words, None)
  item.id = 'failure'
  item.description = t('Try again')
  item.iconPath = new vscode.ThemeIcon(failure.code === 'locked' ? 'lock' : 'warning', warning)
  const advice =
    failure.code === 'locked'
      ? t('Unlock it, then click here. Until then values cannot be read or set.')
      : t('Click to look again.')
  item.tooltip = [place, advice, failure.detail].filter(Boolean).join('\n')
  item.accessibilityInformation = { label: `${words}. ${advice}` }
  item.contextValue = 'failure'
  item.command = { command: 'baton.secrets.refresh', title: t('Try again') }
  return item
}

function secretItem(node: SecretNode): vscode.TreeItem {
  const { secret, situation, place } = node
  const name = secret.label ?? secret.name
  const state = stateWords(situation)
  const item = new vscode.TreeItem(shortened(name), Collapsed)
  item.id = secret.name
  item.description = [state, isKept(situation) && place].filter(Boolean).join(' · ')
  item.iconPath = secretIcon(situation)
  item.tooltip = card(node)
  item.contextValue = `secret ${situation?.state.kind ?? 'unknown'}`
  item.accessibilityInformation = { label: [name, state].join(', ') }
  return item
}

/** In the columns of a terminal: more would push the state out of a side bar of 300 pixels. */
const longestName = 22

function shortened(name: string): string {
  let columns = 0
  const characters = Array.from(name)
  const fits = characters.findIndex((character) => {
    columns += /[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
      character,
    )
      ? 2
      : 1
    return columns > longestName
  })
  return fits === -1 ? name : `${characters.slice(0, fits).join('')}…`
}

/** How a secret stands, in a few words. */
export function stateWords(situation: SecretSituation | undefined): string {
  return situation ? secretStateWords(situation.state, Date.now(), t, locale) : t('looking…')
}

function isKept(situation: SecretSituation | undefined): boolean {
  return situation?.state.kind === 'set' || situation?.state.kind === 'overdue'
}

const warning = new vscode.ThemeColor('list.warningForeground')

function secretIcon(situation: SecretSituation | undefined): vscode.ThemeIcon {
  switch (situation?.state.kind) {
    case undefined:
      return runningIcon
    case 'set':
      return new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'))
    case 'overdue':
      return new vscode.ThemeIcon('watch', warning)
    case 'missing':
      return new vscode.ThemeIcon('circle-large-outline', warning)
    case 'removed':
      return new vscode.ThemeIcon('warning', warning)
    case 'printed':
      return new vscode.ThemeIcon('terminal')
    case 'unknown':
      return new vscode.ThemeIcon('question', new vscode.ThemeColor('descriptionForeground'))
  }
}

function card({ secret, situation, place }: SecretNode): vscode.MarkdownString {
  const now = Date.now()
  const setAt = situation?.setAt
  const isThere = situation !== undefined && isKept(situation)
  const date = (time: number) => formatDate(time, now, locale)
  const facts: readonly (readonly [string, string | undefined])[] = [
    [t('Name'), secret.name],
    [t('State'), stateWords(situation)],
    [t('Command'), secret.from],
    [t('Kept in'), isThere ? place : undefined],
    [t('Last set'), isThere ? (setAt === undefined ? t('unknown') : `${date(setAt)} (${age(setAt)})`) : undefined],
    [t('To be changed'), isThere ? rotationWords(situation, now, t, locale) : undefined],
    [t('Change it every'), secret.rotateEvery === undefined ? undefined : daysWords(secret.rotateEvery, locale)],
    [t('Owner'), secret.owner],
    [t('Declared in'), secret.uses.map(({ entry }) => runbookName(entry)).join(', ')],
  ]
  const markdown = new vscode.MarkdownString()
  // What a file says is data: `appendText` escapes it, and nothing in it becomes a link or an image.
  markdown
    .appendMarkdown('**')
    .appendText(secret.label ?? secret.name)
    .appendMarkdown('**\n')
  for (const [name, value] of facts) {
    if (value) markdown.appendMarkdown('\n- ').appendText(name).appendMarkdown(': ').appendText(value)
  }
  return markdown
}

function useItem({ uri, use }: UseNode): vscode.TreeItem {
  const item = new vscode.TreeItem(runbookName(use.entry), use.steps.length > 0 ? Collapsed : None)
  item.id = `${use.declaration.name} ${uri.toString()}`
  item.iconPath = new vscode.ThemeIcon('book')
  const notes = [use.steps.length === 0 && t('no step uses it'), use.declaration.from && t('printed by a command')]
  item.description = notes.filter(Boolean).join(' · ')
  item.tooltip = vscode.workspace.asRelativePath(uri)
  item.accessibilityInformation = { label: [runbookName(use.entry), item.description].filter(Boolean).join(', ') }
  item.contextValue = 'use'
  item.command = { command: 'baton.openSecretDeclaration', title: t('Open'), arguments: [uri, use.declaration.name] }
  return item
}

function stepItem(node: StepUseNode): vscode.TreeItem {
  const item = new vscode.TreeItem(node.step.title, None)
  item.id = `${node.name} ${node.uri.toString()}#${node.stepId}`
  item.iconPath = new vscode.ThemeIcon(stepIcon(node.step))
  item.contextValue = 'step'
  item.command = { command: 'baton.openStep', title: t('Open'), arguments: [node] }
  return item
}

/** The runbooks that declare a secret, or the steps of one that get it. */
export function childrenOf(node: SecretsNode): SecretsNode[] {
  switch (node.kind) {
    case 'failure':
    case 'step':
      return []
    case 'secret':
      return node.secret.uses.map((use) => ({ kind: 'use', uri: use.entry.uri, use }))
    case 'use':
      return node.use.steps.map((step) => ({
        kind: 'step',
        uri: node.uri,
        stepId: step.id,
        step,
        name: node.use.declaration.name,
      }))
  }
}

/** The secret that a command was called for: its name, or an element of the tree. */
export function secretNameOf(argument: unknown): string | undefined {
  if (typeof argument === 'string') return argument
  if (typeof argument !== 'object' || argument === null || !('secret' in argument)) return undefined
  const { secret } = argument
  return typeof secret === 'object' && secret !== null && 'name' in secret ? String(secret.name) : undefined
}

/** What wants to be seen first: what is missing or to be changed, then the rest, each by name. */
export function byUrgency(a: StatedSecret, b: StatedSecret): number {
  return rankOf(a) - rankOf(b) || compareNames(a.secret, b.secret)
}

function rankOf({ situation }: StatedSecret): number {
  switch (situation?.state.kind) {
    case 'removed':
    case 'missing':
      return 0
    case 'overdue':
      return 1
    case 'unknown':
    case 'set':
    case 'printed':
    case undefined:
      return 2
  }
}

function compareNames(a: DeclaredSecret, b: DeclaredSecret): number {
  return (a.label ?? a.name).localeCompare(b.label ?? b.name, locale)
}
