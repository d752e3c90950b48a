import { checkSecretValue } from '../secrets/secret-value.ts'
import { executionProblemSentence } from '../wording/execution-problems.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { maskedLine } from './masked-line.ts'
import type { CommandLine } from './ports.ts'
import { keepAct, tellFailure } from './secret-problems.ts'
import { promptForSecret } from './secret-prompt.ts'
import { checkName, declaredSecrets } from './secrets-declared.ts'
import { styleFor } from './style.ts'
import { UsageError } from './usage-error.ts'

/** `baton secrets set`: keeps the value of a secret, typed unseen or from the standard input. */
export async function setSecret(name: string, line: CommandLine): Promise<ExitCode> {
  const { t, err, out, runs } = line
  checkName(name, line)
  const declared = await declaredSecrets(line)
  const declaration = declared.secrets.find((secret) => secret.name === name)
  const style = styleFor(err)
  if (declaration === undefined && declared.keepsRecords)
    err.write(`${style.notice(t('No runbook here declares {0}.', name))}\n`)
  else if (declaration?.isPrinted) {
    err.write(`${style.notice(t('Runbooks have the value of {0} from a command: this one is not used.', name))}\n`)
  }
  const before = await runs.keychain.get(name)
  if (before.kind === 'failed') return tellFailure(name, before.failure, line)
  const value = await typedOrPiped(name, declaration?.label, line)
  if (value === undefined) return exitCodes.cancelled

  const safe = maskedLine(line, [value, ...(before.kind === 'found' ? [before.value] : [])])
  if (before.kind === 'found' && before.value === value) {
    out.write(`${t('{0} has this value already.', name)}\n`)
    return exitCodes.fine
  }
  const failure = await runs.keychain.set(name, value)
  if (failure !== undefined) return tellFailure(name, failure, safe)
  safe.out.write(`✓ ${t('{0} is kept in: {1}', name, runs.keychainName)}\n`)
  if ((await runs.environmentSecrets.get(name)).kind === 'found') {
    const variable = `BATON_SECRET_${name}`
    safe.err.write(`${style.notice(t('{0} is set in this environment, and goes before it.', variable))}\n`)
  }
  const act = before.kind === 'found' ? 'secrets-changed' : 'secrets-set'
  return keepAct({ act, secrets: [name] }, declared, safe)
}

/** Undefined when the person withdrew. */
async function typedOrPiped(name: string, label: string | undefined, line: CommandLine): Promise<string | undefined> {
  const { t, err, prompt, runs, secrets } = line
  if (prompt !== undefined) {
    err.write(`${styleFor(err).quiet(t('It is kept in: {0}.', runs.keychainName))}\n`)
    return promptForSecret(name, label, prompt, line)
  }
  const bytes = await secrets.piped()
  const how = t('Type the value in a terminal, or give it through the standard input.')
  if (bytes === undefined || bytes.length === 0) throw new UsageError(how)
  const value = textOf(bytes)
  if (value === undefined) throw new UsageError(t('What came through the standard input is no text in UTF-8.'))
  const wrong = checkSecretValue(value)
  if (wrong !== undefined) throw new UsageError(executionProblemSentence({ code: wrong, values: { name } }, t))
  return value
}

/** Without the line end that `echo` puts behind it. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r?\n$/, '')
  } catch {
    return undefined
  }
}

/** `baton secrets delete`: forgets the value of a secret, once that was confirmed. */
export async function deleteSecret(
  name: string,
  options: { readonly yes?: true },
  line: CommandLine,
): Promise<ExitCode> {
  const { t, err, out, prompt, runs } = line
  checkName(name, line)
  const declared = await declaredSecrets(line)
  const before = await runs.keychain.get(name)
  if (before.kind === 'failed') return tellFailure(name, before.failure, line)
  if (before.kind === 'missing')
    throw new UsageError(t('{0} is not in the keychain: there is nothing to delete.', name))
  if (!options.yes) {
    if (prompt === undefined) throw new UsageError(t('Nobody is here to confirm that. Use --yes to allow it.'))
    const question = t('Delete the value of {0}? It is kept in: {1}.', name, runs.keychainName)
    err.write(`${question}\n`)
    const typed = await prompt.line(styleFor(err).notice(`  ${t('Enter: delete · Ctrl+C: stop')} `))
    if (typed?.trim() !== '') return exitCodes.cancelled
  }
  const safe = maskedLine(line, [before.value])
  const failure = await runs.keychain.delete(name)
  if (failure !== undefined) return tellFailure(name, failure, safe)
  out.write(`✓ ${t('{0} is deleted.', name)}\n`)
  return keepAct({ act: 'secrets-deleted', secrets: [name] }, declared, safe)
}
