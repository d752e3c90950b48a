import { ensureIdentity, identityName } from '../secrets/transfer/identity.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import type { CommandLine } from './ports.ts'
import { tellFailure } from './secret-problems.ts'
import { styleFor } from './style.ts'

/** `baton secrets identity`: the recipient that a successor sends to the predecessor; made with its identity at first. */
export async function showIdentity(line: CommandLine): Promise<ExitCode> {
  const { t, err, out, runs, secrets } = line
  const found = await ensureIdentity(runs.keychain, secrets.transfers)
  switch (found.kind) {
    case 'failed':
      return tellFailure(identityName, found.failure, line)
    case 'unusable':
      err.write(
        `${styleFor(err).bad(t('What the keychain holds as “{0}” is no identity. Delete that entry and run this again.', identityName))}\n`,
      )
      return exitCodes.unable
    case 'identity': {
      const made = t('An identity was made. It stays in: {0}.', runs.keychainName)
      const known = t('You have this identity already. It stays in: {0}.', runs.keychainName)
      err.write(`${found.created ? made : known}\n`)
      err.write(`${t('Send this line, its recipient, to who hands the secrets over:')}\n`)
      out.write(`${found.recipient}\n`)
      return exitCodes.fine
    }
  }
}
