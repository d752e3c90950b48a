import type { ExecutionProblem } from '../execution/problem.ts'
import { secretRemoved } from './secrets.ts'
import { shellName } from './shell-names.ts'
import type { Translate } from './translate.ts'

/** What happened, to what, and the one thing to do. Never a stack, never a code alone. */
export function executionProblemSentence(problem: ExecutionProblem, t: Translate): string {
  const value = (key: string) => problem.values[key] ?? ''
  switch (problem.code) {
    case 'shell-unknown':
      return t('“{0}” is no shell that was found here. Install it, or name another one in the fence.', value('shell'))
    case 'interpreter-missing':
      return notFound(interpreter(problem), Number(value('steps')), t)
    case 'interpreter-unusable':
      return t('{0} is there but does not work. Install it anew and run again.', interpreter(problem))
    case 'step-too-long':
      return t('This step is too long for {0}. Split it into several steps.', shellName(value('shell')))
    case 'encoding-unknown':
      return t('The encoding “{0}” is not known. Write utf-8, utf-16le or cp932.', value('encoding'))
    case 'temp-unwritable':
      return t(
        'Baton cannot write to the folder for temporary files, {0} ({1}). Make room there and run again.',
        value('path'),
        value('reason'),
      )
    case 'cwd-missing':
      return t('The folder {0} does not exist. Create it, or change “cwd”.', value('path'))
    case 'session-ended':
      return t(
        'The {0} session ended during this step, and its variables are gone. Run the steps that set them again.',
        shellName(value('shell')),
      )
    case 'session-not-started':
      return withDetail(t('{0} did not start. Try it in a terminal.', shellName(value('shell'))), value('detail'))
    case 'execution-policy':
      return t(
        '{0} may not run any script on this computer: its execution policy forbids it. To allow scripts of this computer for yourself, run: Set-ExecutionPolicy -Scope CurrentUser RemoteSigned',
        shellName(value('shell')),
      )
    case 'syntax-error':
      return t('The step was not started, because it does not parse: {0}: {1}', value('place'), value('detail'))
    case 'cwd-on-share':
      return t(
        'cmd cannot work in {0}, since it is on a network share. Give the step a “cwd” on a drive and start it with pushd, or use PowerShell.',
        value('path'),
      )
    case 'value-unsafe-in-cmd':
      return t('cmd would run part of the value of {0}. Use !{0}! instead of %{0}%, or another shell.', value('name'))
    case 'terminal-missing':
      return withDetail(
        t('This step needs a terminal of its own, which could not be opened here. Run it by hand.'),
        value('detail'),
      )
    case 'output-differs':
      return value('match') === 'similarity' && value('score') !== ''
        ? t('The output is not what the runbook expects (similarity {0}).', value('score'))
        : t('The output is not what the runbook expects.')
    case 'prerequisite-missing':
      return t('The prerequisite {0} was not found. Mend the link and run again.', value('path'))
    case 'prerequisite-circular':
      return t('{0} is, in the end, its own prerequisite. Take one of the links away.', value('path'))
    case 'prerequisite-failed':
      return t('Not started, because the prerequisite {0} did not succeed.', value('path'))
    case 'approval-needed':
      return t(
        'Nobody is here to look at “{0}”, which is new or changed ({1} in all). Run it in a terminal, or allow it with --yes.',
        value('step'),
        value('steps'),
      )
    case 'attribute-unsupported':
      return t(
        '“{0}” asks for {1}, which Baton cannot do yet. Run this step by hand.',
        value('step'),
        value('attribute'),
      )
    case 'parameter-missing':
      return t('{0} needs a value.', value('name'))
    case 'parameter-unknown':
      return t('This runbook has no parameter {0}.', value('name'))
    case 'parameter-invalid':
      return t('The value of {0} breaks its rule. Give another one.', value('name'))
    case 'attachment-too-large':
      return t(
        '{0} is larger than 25 MB, the most that can be attached. Attach a part of it, or a smaller picture.',
        value('name'),
      )
    case 'attachment-unreadable':
      return t('{0} cannot be read, and was not attached: {1}', value('name'), systemReason(value('reason'), t))
    case 'attachment-unwritable':
      return t(
        '{0} could not be kept beside the record, and was not attached: {1}',
        value('name'),
        systemReason(value('reason'), t),
      )
    case 'secret-missing':
      return t('The secret {0} is not in the keychain. Give its value and run again.', value('name'))
    case 'secret-removed':
      return secretRemoved(value('name'), value('setOn'), t)
    case 'secret-too-short':
      return t(
        'The secret {0} is too short to be masked safely (under 4 characters). Give it a longer value.',
        value('name'),
      )
    case 'secret-has-nul':
      return t(
        'The secret {0} holds a NUL character, which no program can be given. Give its value again.',
        value('name'),
      )
    case 'secret-command-unapproved':
      return t(
        'Nobody is here to let this command print {0}: {1}. Run it in a terminal, or allow it with --yes.',
        value('name'),
        value('command'),
      )
    case 'secret-command-missing':
      return t(
        'The program that prints {0} was not found: {1}. Install it and run again.',
        value('name'),
        value('program'),
      )
    case 'secret-command-failed':
      return withDetail(
        t(
          'The command that prints {0} failed (exit code {1}). Sign in to what it asks, try it in a terminal, and run again.',
          value('name'),
          value('exitCode'),
        ),
        value('detail'),
      )
    case 'secret-command-timeout':
      return t(
        'The command that prints {0} did not end within {1} seconds. Try it in a terminal: it may wait for an answer.',
        value('name'),
        value('seconds'),
      )
    case 'secret-command-empty':
      return t(
        'The command that prints {0} printed nothing. Look at its “from”, and whether the entry has a value.',
        value('name'),
      )
    case 'secret-command-too-long':
      return t(
        'The command that prints {0} printed more than {1}. Have it print the value alone.',
        value('name'),
        value('limit'),
      )
    case 'secret-command-too-short':
      return t(
        'What the command for {0} printed is too short to be masked safely. Give the entry a longer value.',
        value('name'),
      )
    case 'secret-command-has-nul':
      return t(
        'What the command for {0} printed holds a NUL character, which no program can be given. Have it print text.',
        value('name'),
      )
    case 'captured-too-short':
      return t(
        'What this step gives for {0} is too short to be masked safely (under 4 characters). Have it print the value to stdout, or leave “sensitive” out.',
        value('name'),
      )
    case 'captured-has-nul':
      return t('What this step gives for {0} holds a NUL character, which no program can be given.', value('name'))
    case 'captured-too-long':
      return t(
        'What this step gives for {0} is longer than {1} characters. Have it print the value alone.',
        value('name'),
        value('limit'),
      )
    case 'captured-missing':
      return t(
        'This needs {0}, which the step “{1}” gives and which is kept nowhere. Run that step first, in the same run.',
        value('name'),
        value('step'),
      )
    case 'keychain-locked':
      return t('The keychain is locked. Unlock it and run again.')
    case 'keychain-unavailable':
      return t('There is no keychain here. Start its service, or give the secret another way.')
    case 'keychain-refused':
      return t('The keychain gave nothing, because its question was dismissed. Run again and answer it.')
    case 'keychain-busy':
      return t(
        'The keychain still waits for an answer to another question. Answer it in the window that it opened, and run again.',
      )
    case 'secret-too-long':
      return t('The value of {0} is too long for the keychain of this computer. Give a shorter one.', value('name'))
    case 'keychain-timeout':
      return t('The keychain did not answer. Look for a window that it opened, and run again.')
    case 'keychain-failed':
      return withDetail(t('The keychain refused. Open it, look at the entry, and run again.'), value('detail'))
    case 'record-unwritable':
      return t(
        'Stopped, because the record cannot be written: {0} ({1}). Nothing runs without a record.',
        systemReason(value('reason'), t),
        value('path'),
      )
    case 'untrusted':
      return t('This folder is not trusted, so nothing runs. You can read everything.')
    case 'step-unknown':
      return t('This runbook has no step {0}.', value('step') || value('id') || value('name'))
    case 'procedure-unknown':
      return t('This runbook has no procedure {0}.', value('procedure') || value('id') || value('name'))
    case 'runbook-invalid':
      return t('Line {0} of this runbook has an error, so nothing ran. Mend it and run again.', value('line'))
    case 'nothing-to-run':
      return t('There is no step to run here. Add a fenced code block, such as ```sh, or a task “- [ ]”.')
    case 'runbook-changed':
      return t('The runbook changed in the meantime. Look at it and run again.')
    case 'busy':
      return t('A step of this run is still running. Wait for it or stop it.')
    case 'withdrawn':
      return t('Cancelled.')
    case 'operator-absent':
      return t('Nobody is here to answer, so this step was not carried out. Run it in a terminal.')
  }
}

/** What the operating system said, by its errno name; an unknown name stands for itself. */
export function systemReason(errno: string, t: Translate): string {
  switch (errno) {
    case 'ENOSPC':
    case 'EDQUOT':
      return t('no space left')
    case 'EACCES':
    case 'EPERM':
      return t('no permission')
    case 'EROFS':
      return t('the disk is read-only')
    case 'ENOTDIR':
    case 'EEXIST':
      return t('a file is where a folder should be')
    case 'ENOENT':
      return t('it does not exist')
    case 'EISDIR':
      return t('it is a folder')
    case 'EFTYPE':
      return t('it is no file')
    case 'ENAMETOOLONG':
      return t('the name is too long')
    case 'EMFILE':
    case 'ENFILE':
      return t('too many files are open')
    case 'EIO':
      return t('the disk does not answer')
    default:
      return errno
  }
}

function notFound(name: string, steps: number, t: Translate): string {
  if (!(steps > 0)) return t('{0} was not found. Install it and run again.', name)
  return steps === 1
    ? t('{0} was not found. {1} step of this runbook uses it. Install it and run again.', name, steps)
    : t('{0} was not found. {1} steps of this runbook use it. Install it and run again.', name, steps)
}

function interpreter({ values }: ExecutionProblem): string {
  const name = shellName(values.shell ?? '')
  const file = values.interpreter
  if (file === undefined || file === '' || file === name) return name || (file ?? '')
  return name === '' ? file : `${name} (${file})`
}

function withDetail(sentence: string, detail: string): string {
  return detail === '' ? sentence : `${sentence} (${detail})`
}
