import type { RunDescription } from '../execution/event.ts'
import type { RecordedAct } from '../record/act.ts'
import { formatBytes } from './byte-sizes.ts'
import { formatDate } from './dates.ts'
import { masteryWord, type NamedRun } from './follow.ts'
import type { Translate } from './translate.ts'

type Told = Pick<RecordedAct, 'act' | 'secrets' | 'to' | 'file' | 'execution' | 'mastery' | 'with' | 'text' | 'pruned'>

/** What was done, in a few words: "3 secrets handed over". */
export function actTitle({ act, secrets = [], execution, mastery, pruned = [] }: Told, t: Translate): string {
  const count = secrets.length
  const isOne = count === 1
  switch (act) {
    case 'secrets-set':
      return isOne ? t('Secret set') : t('{0} secrets set', count)
    case 'secrets-changed':
      return isOne ? t('Secret changed') : t('{0} secrets changed', count)
    case 'secrets-deleted':
      return isOne ? t('Secret deleted') : t('{0} secrets deleted', count)
    case 'secrets-exported':
      return isOne ? t('Secret handed over') : t('{0} secrets handed over', count)
    case 'secrets-imported':
      return isOne ? t('Secret taken over') : t('{0} secrets taken over', count)
    case 'run-noted':
      return execution === undefined ? t('Note to a run') : t('Note to a step')
    case 'run-signed-off':
      return mastery ? t('Followed: {0}', masteryWord(mastery, t)) : t('Followed a run')
    case 'output-pruned':
      return pruned.length === 1 ? t('Output of 1 run pruned') : t('Output of {0} runs pruned', pruned.length)
    default:
      // Of a newer version.
      return act
  }
}

/** Who got it, where it came from, who was there, or how a note begins; empty where there is nothing to say. */
export function actDetail({ act, to, file, with: companion, text = '' }: Told, t: Translate): string {
  if (act === 'run-noted') return noteBeginning(text)
  if (act === 'run-signed-off') {
    return [companion && t('with {0}', companion), noteBeginning(text)].filter(Boolean).join(' · ')
  }
  if (act === 'secrets-imported') return file === undefined ? '' : t('from {0}', file)
  if (act !== 'secrets-exported' || to === undefined) return ''
  return to[0] === 'passphrase' ? t('with a passphrase') : t('to {0}', to.map(shortRecipient).join(', '))
}

/** What it is about: "Joining (run of 佐藤, Tue, Sep 1)". Empty where it is about no run, or about one that is not here. */
export function actSubject(
  { about, pruned = [] }: Pick<RecordedAct, 'about' | 'pruned'>,
  runOf: (id: string) => (NamedRun & Pick<RunDescription, 'runbook'>) | undefined,
  { t, now, locale }: { readonly t: Translate; readonly now: number; readonly locale: string },
): string {
  const [only, ...others] = pruned
  const subject = about ?? (others.length === 0 ? only : undefined)
  const run = subject && runOf(subject.run)
  if (run === undefined) return ''
  const title = run.runbook.title || run.runbook.path
  return t('{0} (run of {1}, {2})', title, run.operator.name, formatDate(run.startedAt, now, locale))
}

/** What a pruning took from each run: "Joining (run of 佐藤, Tue, Sep 1): 3.4 MB". */
export function prunedRuns(
  { pruned = [] }: Pick<RecordedAct, 'pruned'>,
  runOf: Parameters<typeof actSubject>[1],
  language: Parameters<typeof actSubject>[2],
): readonly string[] {
  return pruned.map(
    (one) => `${actSubject({ about: one }, runOf, language) || one.run}: ${formatBytes(one.bytes, language.locale)}`,
  )
}

/** All of it in a line: "2 secrets handed over: A, B (to age1qyqszqg…x9dd)". */
export function actSentence(act: Told, t: Translate): string {
  if (act.act === 'run-noted') return [actTitle(act, t), noteBeginning(act.text ?? '')].filter(Boolean).join(': ')
  const names = act.secrets?.length ? `: ${act.secrets.join(', ')}` : ''
  const detail = actDetail(act, t)
  return `${actTitle(act, t)}${names}${detail === '' ? '' : ` (${detail})`}`
}

const shownOfNote = 60

/** The first line of a note, cut between characters where it is long. */
export function noteBeginning(text: string): string {
  const first = text.trim().split('\n', 1)[0]?.trim() ?? ''
  const characters = [...first]
  if (characters.length > shownOfNote) return `${characters.slice(0, shownOfNote).join('')}…`
  return first === text.trim() ? first : `${first} …`
}

/** A recipient's first and last characters, which tell it from the others; the page of the record has all of it. */
function shortRecipient(recipient: string): string {
  return recipient.length > 24 ? `${recipient.slice(0, 12)}…${recipient.slice(-4)}` : recipient
}
