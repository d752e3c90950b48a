import type { Mastery } from '../record/act.ts'
import type { Following } from '../record/follow.ts'
import type { SignOffRefusal } from '../record/sign-off.ts'
import { formatDate } from './dates.ts'
import type { Translate } from './translate.ts'

interface PageWords {
  readonly t: Translate
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly locale: string
}

/** Whose run it was, and when. */
export interface NamedRun {
  readonly operator: { readonly name: string }
  readonly startedAt: number
}

/**
 * "follows the run of 佐藤, Tue, Sep 1"
 * @param followed undefined where the repo does not hold that run
 * @param id of that run
 */
export function followsSentence(followed: NamedRun | undefined, id: string, { t, now, locale }: PageWords): string {
  if (followed === undefined) return t('follows run {0}', id)
  return t('follows the run of {0}, {1}', followed.operator.name, formatDate(followed.startedAt, now, locale))
}

/** "run of 佐藤, Tue, Sep 1" */
export function runOf({ operator, startedAt }: NamedRun, { t, now, locale }: PageWords): string {
  return t('run of {0}, {1}', operator.name, formatDate(startedAt, now, locale))
}

/** "USER_ID was t.suzuki" */
export function earlierValue(label: string, value: string, t: Translate): string {
  return t('{0} was {1}', label, value)
}

/** How well somebody knows what they followed, as they say it of themselves. */
export function masteryWord(mastery: Mastery, t: Translate): string {
  switch (mastery) {
    case 'watched':
      return t('Only watched')
    case 'practised':
      return t('Done together')
    case 'performed':
      return t('Done alone')
  }
}

export function followingProblem({ reason, path }: Extract<Following, { kind: 'impossible' }>, t: Translate): string {
  switch (reason) {
    case 'not-a-record':
      return t('This file is no record of a run.')
    case 'running':
      return t('This run goes on. It can be followed when it is over.')
    case 'other-runbook':
      return t('This is the record of another runbook: {0}', path ?? '')
  }
}

export function signOffProblem({ code, run, operator }: SignOffRefusal, t: Translate): string {
  switch (code) {
    case 'still-running':
      return t('This run goes on. Finish it first.')
    case 'followed-missing':
      return t('The run that was followed is not here: {0}. Fetch its record first.', run ?? '')
    case 'nothing-of-their-own':
      return t(
        'This run followed no other: it can only be signed off as watched. To practise it, follow it: baton follow {0}',
        run ?? '',
      )
    case 'not-theirs':
      return t('This is the run of {0}: only they can say how they came through it.', operator ?? '')
  }
}
