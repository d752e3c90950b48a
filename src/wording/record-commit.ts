import type { CommitRefusal, CommitReport } from '../record/commit.ts'
import type { RecordSummary } from '../record/summary.ts'
import { actSentence } from './acts.ts'
import { taintedRecordSentence } from './credentials.ts'
import { outcomeWord } from './outcomes.ts'
import { createTranslator, type Translate } from './translate.ts'

/** A history of git is read by people and programs of many languages, and by hooks that know one form. */
const english = createTranslator({})

/** The message of a commit that holds records: one says what ran and how it went, several are listed in the body. */
export function commitMessage(records: readonly RecordSummary[]): string {
  const [first] = records
  if (first !== undefined && records.length === 1) return `Record: ${inOneLine(recordText(first))}`
  const acts = records.filter(({ outcome }) => outcome === 'act').length
  const counts = [counted(records.length - acts, 'run'), counted(acts, 'act')].filter(Boolean).join(', ')
  const lines = [...records]
    .sort((a, b) => a.startedAt - b.startedAt)
    .map((record) => `- ${new Date(record.startedAt).toISOString().slice(0, 10)} ${inOneLine(recordText(record))}`)
  return `Records: ${counts}\n\n${lines.join('\n')}\n`
}

function counted(count: number, what: string): string {
  return count === 0 ? '' : `${count} ${what}${count === 1 ? '' : 's'}`
}

function recordText(record: RecordSummary): string {
  switch (record.outcome) {
    case 'act':
      return `${actSentence(record, english)} (${record.operator.name})`
    case 'unreadable':
      return record.path
    case 'running':
      return record.runbook.title || record.runbook.path
    default: {
      const { runbook, operator, tally } = record
      const word = outcomeWord(record.outcome, english)
      return `${runbook.title || runbook.path} ${word} (${operator.name}, ${tally.succeeded}/${tally.all})`
    }
  }
}

function inOneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
}

/** What became of committing records; what was left out comes after it. */
export function commitSentences(
  { result, records, tainted, unsound }: CommitReport,
  t: Translate,
  locale: string,
): readonly string[] {
  const number = (count: number) => new Intl.NumberFormat(locale).format(count)
  const leftOut = [
    ...tainted.map(({ path, lines }) => taintedRecordSentence(path, lines, t, locale)),
    ...unsound.map((path) => t('Not committed, because it is not as it was written: {0}. Check it first.', path)),
  ]
  switch (result.kind) {
    case 'committed':
      return [
        records.length === 1
          ? t('The record is committed ({0}).', result.commit)
          : t('{0} records are committed ({1}).', number(records.length), result.commit),
        ...leftOut,
      ]
    case 'nothing':
      return leftOut.length > 0 ? leftOut : [t('Every finished record is in a commit already.')]
    case 'refused':
      return [refusalSentence(result.reason, result.detail ?? '', t), ...leftOut]
  }
}

function refusalSentence(reason: CommitRefusal, detail: string, t: Translate): string {
  switch (reason) {
    case 'git-missing':
      return t('The record was not committed: git was not found. Install it.')
    case 'no-repository':
      return t('The record was not committed: this folder is in no git repository.')
    case 'ignored':
      return t('The record was not committed: git ignores .baton. Take it out of .gitignore.')
    case 'merge':
      return t('The record was not committed: a merge is under way. Finish it, then commit the records.')
    case 'rebase':
      return t('The record was not committed: a rebase is under way. Finish it, then commit the records.')
    case 'cherry-pick':
      return t('The record was not committed: a cherry-pick is under way. Finish it, then commit the records.')
    case 'revert':
      return t('The record was not committed: a revert is under way. Finish it, then commit the records.')
    case 'bisect':
      return t('The record was not committed: a bisect is under way. Finish it, then commit the records.')
    case 'conflicts':
      return t('The record was not committed: there are files with conflicts. Resolve them, then commit the records.')
    case 'identity-missing':
      return t('The record was not committed: git does not know who you are. Set user.name and user.email.')
    case 'locked':
      return t('The record was not committed: git is at work here. Try again when it is done.')
    case 'git':
      return t('The record was not committed. git says: {0}', detail)
  }
}
