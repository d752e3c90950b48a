import type { RunPorts, SecretValue } from '../execution/run-api.ts'
import { ranOnce } from '../execution/secret-command.ts'
import { problemOfMissing, problemOfSecret } from '../execution/secret-problem.ts'
import type { SecretDeclaration } from '../runbook/secret-declaration.ts'
import { checkSecretValue } from '../secrets/secret-value.ts'
import { formatDate } from '../wording/dates.ts'
import { secretRemoved } from '../wording/secrets.ts'
import { plain } from './plain.ts'
import type { CommandLine, Prompt } from './ports.ts'
import { promptForSecret } from './secret-prompt.ts'
import { styleFor } from './style.ts'

/** Where a run has its secrets from. */
export type SecretsOfRun = Pick<RunPorts, 'secret' | 'givenSecret' | 'secretCommand'>

/**
 * Secrets of a run, or of several that follow each other: `BATON_SECRET_<NAME>`, else the command that prints it where the
 * runbook names one, else the keychain, else typed with hidden input and kept in the keychain. Each is asked for once.
 */
export function secretsOfRun(declared: readonly SecretDeclaration[], line: CommandLine): SecretsOfRun {
  return {
    secret: askedOnce(keptSecrets(declared, line)),
    givenSecret: (name) => givenSecret(name, line),
    secretCommand: ranOnce(line.runs.secretCommand),
  }
}

/** The value of `BATON_SECRET_<NAME>`. */
export async function givenSecret(name: string, { runs }: CommandLine): Promise<string | undefined> {
  const set = await runs.environmentSecrets.get(name)
  return set.kind === 'found' ? set.value : undefined
}

function keptSecrets(declared: readonly SecretDeclaration[], line: CommandLine): RunPorts['secret'] {
  const { keychain } = line.runs
  return async (name, stepTitle) => {
    const found = await keychain.get(name)
    if (found.kind === 'found') return usable(name, found.value)
    const isMissing = found.kind === 'missing' || found.failure.code === 'unavailable'
    if (isMissing && line.prompt !== undefined) {
      const declaration = declared.find((secret) => secret.name === name)
      const keep = found.kind === 'missing'
      if (keep && found.setAt !== undefined) {
        const day = formatDate(found.setAt, line.now(), line.locale)
        line.err.write(`${styleFor(line.err).bad(secretRemoved(name, day, line.t))}\n`)
      }
      return ask(name, declaration?.label, stepTitle, keep, line.prompt, line)
    }
    return found.kind === 'failed'
      ? { kind: 'problem', problem: problemOfSecret(name, found.failure) }
      : { kind: 'problem', problem: problemOfMissing(name, found.setAt) }
  }
}

/** What could not be had is tried again. */
function askedOnce(obtain: RunPorts['secret']): RunPorts['secret'] {
  const known = new Map<string, SecretValue>()
  return async (name, stepTitle) => {
    const found = known.get(name) ?? (await obtain(name, stepTitle))
    if (found.kind === 'value') known.set(name, found)
    return found
  }
}

function usable(name: string, value: string): SecretValue {
  const wrong = checkSecretValue(value)
  return wrong === undefined
    ? { kind: 'value', value }
    : { kind: 'problem', problem: { code: wrong, values: { name } } }
}

async function ask(
  name: string,
  label: string | undefined,
  stepTitle: string,
  keep: boolean,
  prompt: Prompt,
  line: CommandLine,
): Promise<SecretValue> {
  const { t, err, runs } = line
  const kept = keep
    ? t('It is kept in: {0}.', runs.keychainName)
    : t('It is not kept, because there is no keychain here.')
  err.write(`${styleFor(err).quiet(`${t('Step “{0}” asks for it.', plain(stepTitle))} ${kept}`)}\n`)
  const value = await promptForSecret(name, label, prompt, line)
  if (value === undefined) return { kind: 'problem', problem: { code: 'withdrawn', values: {} } }
  const failure = keep ? await runs.keychain.set(name, value) : undefined
  return failure ? { kind: 'problem', problem: problemOfSecret(name, failure) } : { kind: 'value', value }
}
