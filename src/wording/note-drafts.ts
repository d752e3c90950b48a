import { problemOfSecret } from '../execution/secret-problem.ts'
import { type NoteConcern, type NoteDraft, noteLimit } from '../record/note-draft.ts'
import { credentialKinds } from './credentials.ts'
import { executionProblemSentence } from './execution-problems.ts'
import type { Translate } from './translate.ts'

/** Why what was typed is no note. */
export function noteRefusalSentence(draft: NoteDraft & { kind: 'refused' }, t: Translate, locale: string): string {
  if (draft.reason === 'empty') return t('The note is empty. Write what whoever comes next should know.')
  const number = new Intl.NumberFormat(locale)
  return t(
    'The note is too long: {0} characters, and {1} fit. Shorten it, or write it into the runbook.',
    number.format(draft.length),
    number.format(noteLimit),
  )
}

/** What to look at before a note is kept for good. */
export function noteConcernSentence(concern: NoteConcern, t: Translate, locale: string): string {
  if (concern.kind === 'credential') {
    const hits = concern.findings.flatMap((finding) => finding.hits)
    return t('The note seems to hold {0} in plain text.', credentialKinds(hits, t, locale))
  }
  const { name, failure } = concern
  const reason = executionProblemSentence(problemOfSecret(name, failure), t)
  return t('Whether the note holds the value of {0} could not be checked. {1}', name, reason)
}
