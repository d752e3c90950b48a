import { type Mastery, masteries } from '../record/act.ts'
import { compareRuns } from '../record/compare.ts'
import { isReadable } from '../record/summary.ts'
import { masteryWord } from '../wording/follow.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { followDisplay } from './follow-display.ts'
import { comparedRunLines, followedHeading, followedStepLines } from './follow-text.ts'
import { plain } from './plain.ts'
import type { CommandLine, Prompt } from './ports.ts'
import { carryOutTarget, type RunOptions } from './run.ts'
import { type RunToFollow, runToFollow } from './run-follow.ts'
import { parseParameters } from './run-parameters.ts'
import { recordSignOff } from './sign-off.ts'
import { styleFor } from './style.ts'
import { typedKey } from './typed-key.ts'

export interface FollowOptions extends Omit<RunOptions, 'follow' | 'resume' | 'from' | 'dryRun'> {
  /** Shows what the predecessor did, and runs nothing. */
  readonly watch?: true
}

/** `baton follow`: a runbook beside the run of a predecessor, step by step, and at the end how one came through it. */
export async function follow(named: string, options: FollowOptions, line: CommandLine): Promise<ExitCode> {
  const given = parseParameters(options.param ?? [], line)
  const toFollow = await runToFollow(named, undefined, line)
  for (const text of followedHeading(toFollow.followed, line)) line.out.write(`${text}\n`)
  if (options.watch) return watch(toFollow, line)

  const { file, site, followed, earlier } = toFollow
  let own: string | undefined
  const code = await carryOutTarget(
    { target: { file, selection: { kind: 'runbook' } }, site, given, earlier, more: { follows: followed.run.id } },
    options,
    line,
    {
      displayOf: (inner) => followDisplay(toFollow, inner, line),
      ended: (record) => {
        own = record
      },
    },
  )
  if (own !== undefined) await conclude(toFollow, own, line)
  return code
}

/** What was the same, what was not, and how they came through it. */
async function conclude({ transcript, site }: RunToFollow, record: string, line: CommandLine): Promise<void> {
  const own = await line.records.read(site.root, record)
  for (const text of comparedRunLines(compareRuns(transcript, own), line)) line.out.write(`${text}\n`)
  if (own.run) await offerSignOff(own.run.id, site.root, masteries, line)
}

async function watch({ followed, site }: RunToFollow, line: CommandLine): Promise<ExitCode> {
  const { t, out, prompt } = line
  for (const [index, step] of followed.steps.entries()) {
    const title = step.step?.title ?? step.before?.title ?? ''
    out.write(`${styleFor(out).quiet(`▸ ${index + 1}/${followed.steps.length} ${plain(title)}`)}\n`)
    for (const text of followedStepLines(step, followed, line)) out.write(`${text}\n`)
    const isLast = index === followed.steps.length - 1
    if (prompt && !isLast && (await prompt.line(t('Enter shows the next step: '))) === undefined)
      return exitCodes.cancelled
  }
  await offerSignOff(followed.run.id, site.root, ['watched'], line)
  return exitCodes.fine
}

/** Asks where somebody can answer; else says how to do it later. */
async function offerSignOff(run: string, root: string, choices: readonly Mastery[], line: CommandLine): Promise<void> {
  const { t, err, prompt, records } = line
  const answer = prompt && (await askMastery(choices, prompt, line))
  if (answer === undefined) {
    err.write(
      `${styleFor(err).quiet(t('To sign off later: baton runs sign-off {0} --mastery {1}', run, choices.join('|')))}\n`,
    )
    return
  }
  const found = (await records.list(root)).filter(isReadable).find(({ id }) => id === run)
  if (found) await recordSignOff({ run: found, ...answer }, root, line)
}

async function askMastery(
  choices: readonly Mastery[],
  prompt: Prompt,
  { t, err }: CommandLine,
): Promise<{ readonly mastery: Mastery; readonly with?: string } | undefined> {
  err.write(`${t('How did you come through it?')}\n`)
  for (const [index, mastery] of choices.entries()) err.write(`  ${index + 1}  ${masteryWord(mastery, t)}\n`)
  for (;;) {
    const typed = await prompt.line(t('Number, or Enter to say it later: '))
    if (typed === undefined || typed.trim() === '') return undefined
    const mastery = choices[Number(typedKey(typed)) - 1]
    if (mastery === undefined) continue
    if (mastery !== 'practised') return { mastery }
    const companion = (await prompt.line(t('Together with whom? ')))?.trim()
    return { mastery, ...(companion ? { with: companion } : {}) }
  }
}
