import type { Command } from 'commander'
import type { ExitCode } from './exit-codes.ts'
import type { CommandLine } from './ports.ts'
import { type ExportOptions, exportSecrets } from './secrets-export.ts'
import { showIdentity } from './secrets-identity.ts'
import { type ImportOptions, importSecrets } from './secrets-import.ts'
import { listSecrets } from './secrets-list.ts'
import { deleteSecret, setSecret } from './secrets-set.ts'

/** `baton secrets …`. */
export function defineSecrets(program: Command, line: CommandLine, done: (code: ExitCode) => void): void {
  const { t } = line
  const secrets = program
    .command('secrets')
    .description(t('see, set, hand over and take over the secrets of the runbooks'))
    .addHelpText(
      'after',
      () => `\n${t('No value and no passphrase is ever an argument: both are asked for, unseen.')}\n`,
    )

  secrets
    .command('list')
    .description(t('list the secrets that runbooks here declare, and whether they are set'))
    .option('--json', t('print JSON'))
    .action(async (options: { json?: true }) => done(await listSecrets(options, line)))

  secrets
    .command('set')
    .description(t('keep the value of a secret; it is asked for, or read from the standard input'))
    .argument('<name>', t('the name of a secret'))
    .action(async (name: string) => done(await setSecret(name, line)))

  secrets
    .command('delete')
    .description(t('forget the value of a secret'))
    .argument('<name>', t('the name of a secret'))
    .option('-y, --yes', t('do not ask'))
    .action(async (name: string, options: { yes?: true }) => done(await deleteSecret(name, options, line)))

  secrets
    .command('identity')
    .description(t('print the recipient that the predecessor encrypts to; make it at the first time'))
    .action(async () => done(await showIdentity(line)))

  secrets
    .command('export')
    .description(t('encrypt the values of secrets into a file for the successor'))
    .argument('[names...]', t('names of secrets; all that are declared here and set when left out'))
    .option(
      '--to <recipient>',
      t('the successor’s recipient (age1…), several times for several; or the word passphrase'),
      (value: string, before: readonly string[] = []) => [...before, value],
    )
    .option('-o, --output <file>', t('the file to write; secrets-<day>.age when left out'))
    .action(async (names: string[], options: ExportOptions) => done(await exportSecrets(names, options, line)))

  secrets
    .command('import')
    .description(t('take over the secrets of a file, after a look at their names'))
    .argument('<file>', t('a file that was handed over'))
    .option('--identity <file>', t('an identity file of age; the one of “baton secrets identity” when left out'))
    .option(
      '--on-existing <skip|replace|ask>',
      t('what to do with a secret that has another value here; ask when left out'),
    )
    .option('-y, --yes', t('take over without asking'))
    .action(async (file: string, options: ImportOptions) => done(await importSecrets(file, options, line)))
}
