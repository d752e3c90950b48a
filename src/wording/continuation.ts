import type { Continuation } from '../record/resume.ts'
import type { Translate } from './translate.ts'

/** Why a run cannot be gone on with. */
export function continuationSentence(
  { reason, path, title }: Extract<Continuation, { kind: 'impossible' }>,
  t: Translate,
): string {
  switch (reason) {
    case 'not-a-record':
      return t('This file is no record of a run.')
    case 'running':
      return t('This run is still going on. Wait for its end, or stop it.')
    case 'other-runbook':
      return t('This is the record of another runbook: {0}.', path ?? '')
    case 'complete':
      return t('This run came to its end: there is nothing to go on with.')
    case 'step-gone':
      return t('The step “{0}” is not in the runbook any more. Choose the step to go on from.', title ?? '')
  }
}
