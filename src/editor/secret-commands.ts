import * as vscode from 'vscode'
import { problemOfSecret } from '../execution/secret-problem.ts'
import type { SecretDeclaration } from '../runbook/secret-declaration.ts'
import { executionProblemSentence } from '../wording/execution-problems.ts'
import { HumanError } from './command-boundary.ts'
import { t } from './language.ts'
import { type RunbookLibrary, runbookName } from './runbook-library.ts'
import { inputSecret } from './secret-input.ts'
import type { SecretVault } from './secret-vault.ts'

/** Sets or changes the value of a declared secret. Never shows one. */
export async function setSecret(library: RunbookLibrary, vault: SecretVault, name?: unknown): Promise<void> {
  const declaration = await chooseSecret(library, name, t('Which secret is to be set?'))
  if (declaration === undefined) return
  if (declaration.from !== undefined) {
    throw new HumanError(
      t(
        '{0} is not kept here: a command prints it ({1}). Change it where that command has it from.',
        declaration.name,
        declaration.from,
      ),
    )
  }
  const value = await inputSecret(vault, declaration.name, declaration, '')
  if (value === undefined) return
  const failure = await (await vault.store()).set(declaration.name, value)
  if (failure) throw new HumanError(executionProblemSentence(problemOfSecret(declaration.name, failure), t))
  vscode.window.setStatusBarMessage(t('{0} is kept in: {1}', declaration.name, await vault.place()), 5000)
}

/** Forgets the value of a declared secret, once that was confirmed. */
export async function deleteSecret(library: RunbookLibrary, vault: SecretVault, name?: unknown): Promise<void> {
  const declaration = await chooseSecret(library, name, t('Which secret is to be deleted?'))
  if (declaration === undefined) return
  const confirmed = t('Delete')
  const question = t('Delete the value of {0}? It is kept in: {1}.', declaration.name, await vault.place())
  if ((await vscode.window.showWarningMessage(question, { modal: true }, confirmed)) !== confirmed) return
  const failure = await (await vault.store()).delete(declaration.name)
  if (failure) throw new HumanError(executionProblemSentence(problemOfSecret(declaration.name, failure), t))
}

async function chooseSecret(
  library: RunbookLibrary,
  name: unknown,
  placeHolder: string,
): Promise<SecretDeclaration | undefined> {
  const declared = new Map<string, { declaration: SecretDeclaration; runbooks: string[] }>()
  for (const entry of library.entries()) {
    for (const declaration of entry.runbook.frontmatter.secrets) {
      const known = declared.get(declaration.name)
      if (known) known.runbooks.push(runbookName(entry))
      else declared.set(declaration.name, { declaration, runbooks: [runbookName(entry)] })
    }
  }
  if (typeof name === 'string') return declared.get(name)?.declaration
  if (declared.size === 0) throw new HumanError(t('No runbook of this workspace declares a secret.'))
  const items = [...declared.values()].map(({ declaration, runbooks }) => ({
    label: declaration.label ?? declaration.name,
    description: declaration.label === undefined ? '' : declaration.name,
    detail: runbooks.join(' · '),
    declaration,
  }))
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.declaration
}
