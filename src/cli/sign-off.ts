import { type Mastery, masteries } from '../record/act.ts'
import { type SignOffRequest, signOffOf } from '../record/sign-off.ts'
import { isReadable } from '../record/summary.ts'
import { executionProblemSentence } from '../wording/execution-problems.ts'
import { masteryWord, signOffProblem } from '../wording/follow.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { recordNamed } from './record-named.ts'
import { UsageError } from './usage-error.ts'

export interface SignOffOptions {
  readonly mastery: string
  readonly with?: string
  readonly note?: string
}

/** `baton runs sign-off`: how the operator came through a run that they followed, or only watched. */
export async function signOff(named: string, options: SignOffOptions, line: CommandLine): Promise<ExitCode> {
  const { t, records } = line
  const mastery = masteryOf(options.mastery, line)
  const { root, path } = await recordNamed(named, line)
  const { run } = await records.read(root, path)
  const found = (await records.list(root)).filter(isReadable).find(({ id }) => id === run?.id)
  if (!found) throw new UsageError(t('This file is no record of a run.'))
  return recordSignOff({ run: found, mastery, with: options.with, text: options.note }, root, line)
}

export async function recordSignOff(request: SignOffRequest, root: string, line: CommandLine): Promise<ExitCode> {
  const { t, err, records, secrets } = line
  const act = signOffOf(request, await records.list(root), await secrets.operatorOf(root))
  if ('code' in act) throw new UsageError(plain(signOffProblem(act, t)))
  const failure = await secrets.recordAct(root, act)
  if (failure) {
    err.write(`${plain(executionProblemSentence(failure.problem, t))}\n`)
    return exitCodes.unable
  }
  err.write(`${t('On record: {0}', masteryWord(act.mastery, t))}\n`)
  return exitCodes.fine
}

function masteryOf(text: string, { t }: CommandLine): Mastery {
  const mastery = masteries.find((each) => each === text)
  if (mastery) return mastery
  throw new UsageError(t('--mastery is one of: {0}. Not “{1}”.', masteries.join(', '), plain(text)))
}
