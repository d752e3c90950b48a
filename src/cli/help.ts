import type { CommanderError } from 'commander'
import type { Translate } from '../wording/translate.ts'
import { plain } from './plain.ts'

/** The title of a part of the help. */
export function heading(title: string, t: Translate): string {
  switch (title) {
    case 'Usage:':
      return t('Usage:')
    case 'Arguments:':
      return t('Arguments:')
    case 'Options:':
      return t('Options:')
    case 'Commands:':
      return t('Commands:')
    default:
      return title
  }
}

/** What stands at the end of the help of the whole. */
export function epilogue(t: Translate): string {
  return [
    t('Exit codes:'),
    `  0    ${t('fine')}`,
    `  1    ${t('a step failed, a record is wrong, check found an error, or a file of secrets does not open')}`,
    `  2    ${t('used wrongly, and nothing ran: unknown file or step, bad parameter, missing secret, text nobody approved')}`,
    `  3    ${t('not possible on this computer: interpreter missing, record cannot be written')}`,
    `  130  ${t('cancelled with Ctrl+C')}`,
    '',
    t('Environment:'),
    `  BATON_SECRET_<NAME>  ${t('the value of a secret, before the keychain, or of a sensitive parameter')}`,
    `  BATON_LANG           ${t('language of the messages: en or ja')}`,
    `  NO_COLOR             ${t('no colours in Baton’s own lines')}`,
    '',
  ].join('\n')
}

/** What stands at the end of the help of `run`. */
export function aboutRun(t: Translate): string {
  return [
    t(
      'Manual steps and decisions are asked on a terminal. Where there is none, they are skipped and recorded as skipped.',
    ),
    t('Secrets come from BATON_SECRET_<NAME> or from the keychain, never from an argument.'),
    t('Links under “Prerequisites” run first, unless a recent record says that they are done.'),
    t('A text that was never run here is shown before it runs; where nobody can look at it, --yes lets it run.'),
    t('The record lies under the repository of the runbook, in .baton/runs.'),
    '',
  ].join('\n')
}

/** commander's own messages are English: each is known by its code, and names its subject in quotes. */
export function usageSentence(error: CommanderError, t: Translate): string {
  const subject = plain(/'([^']*)'/.exec(error.message)?.[1] ?? '')
  switch (error.code) {
    // The help itself was printed.
    case 'commander.help':
      return ''
    case 'commander.unknownCommand':
      return t('There is no command “{0}”.', subject)
    case 'commander.unknownOption':
      return t('There is no option “{0}” here.', subject)
    case 'commander.missingArgument':
      return t('Something is missing: {0}.', subject)
    case 'commander.optionMissingArgument':
      return t('The option “{0}” needs a value.', subject)
    case 'commander.excessArguments':
      return t('There are too many arguments.')
    default:
      return error.message
  }
}
