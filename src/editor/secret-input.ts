import * as vscode from 'vscode'
import type { SecretValue } from '../execution/run-api.ts'
import { problemOfSecret } from '../execution/secret-problem.ts'
import type { SecretDeclaration } from '../runbook/secret-declaration.ts'
import { checkSecretValue } from '../secrets/secret-value.ts'
import { formatDate } from '../wording/dates.ts'
import { executionProblemSentence } from '../wording/execution-problems.ts'
import { secretRemoved } from '../wording/secrets.ts'
import { locale, sentences, t } from './language.ts'
import type { SecretVault } from './secret-vault.ts'

/**
 * The value of a secret: from the vault, else typed once with hidden input and kept there.
 * @param stepTitle who asks for it
 */
export async function obtainSecret(
  vault: SecretVault,
  name: string,
  declaration: SecretDeclaration | undefined,
  stepTitle: string,
): Promise<SecretValue> {
  const store = await vault.store()
  const found = await store.get(name)
  switch (found.kind) {
    case 'found': {
      const wrong = checkSecretValue(found.value)
      if (wrong === undefined) return { kind: 'value', value: found.value }
      return { kind: 'problem', problem: { code: wrong, values: { name } } }
    }
    case 'failed':
      return { kind: 'problem', problem: problemOfSecret(name, found.failure) }
    case 'missing': {
      const gone = found.setAt === undefined ? '' : secretRemoved(name, formatDate(found.setAt, Date.now(), locale), t)
      const asks = t('Step “{0}” asks for it.', stepTitle)
      const value = await inputSecret(vault, name, declaration, `${gone} ${asks}`.trim())
      if (value === undefined) return { kind: 'problem', problem: { code: 'withdrawn', values: {} } }
      const failure = await store.set(name, value)
      if (failure) return { kind: 'problem', problem: problemOfSecret(name, failure) }
      return { kind: 'value', value }
    }
  }
}

/**
 * One hidden input that says whose value it is and where it will be kept. Undefined when the operator withdrew.
 * @param reason sentences that stand before that
 * @param place of this input in a series: "(2/5)"
 */
export async function inputSecret(
  vault: SecretVault,
  name: string,
  declaration: Pick<SecretDeclaration, 'label'> | undefined,
  reason: string,
  place = '',
): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: `${declaration?.label ?? name} ${place}`.trim(),
    prompt: sentences(reason, t('It is kept in: {0}.', await vault.place())),
    placeHolder: name,
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) => {
      if (value === '')
        return { message: t('Type or paste the value.'), severity: vscode.InputBoxValidationSeverity.Info }
      const wrong = checkSecretValue(value)
      return wrong && executionProblemSentence({ code: wrong, values: { name } }, t)
    },
  })
}
