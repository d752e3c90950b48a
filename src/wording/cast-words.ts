import type { CastWords } from '../record/cast-screen.ts'
import { formatBytes } from './byte-sizes.ts'
import { formatDuration } from './durations.ts'
import { outcomeSymbol, outcomeWord } from './outcomes.ts'
import { recordedProblemSentence } from './recorded-problems.ts'
import { stepEnding, stepPlace } from './terminal-lines.ts'
import type { Translate } from './translate.ts'

/** The words of a run that is played back: those that its terminal had. */
export function castWords(t: Translate, locale: string): CastWords {
  return {
    place: (step) => stepPlace(step, t),
    ending: (end) => stepEnding(end, t, locale),
    problem: ({ problem }) => problem && recordedProblemSentence(problem, t),
    difference: () => t('- expected · + printed'),
    leftOut: (bytes) => t('Left out here: {0}', formatBytes(bytes, locale)),
    pruned: () => t('What was printed here was taken out of the record later.'),
    note: (text) => `${t('Note')}: ${text}`,
    notPlayed: () => t('What was printed from here on is too much to be played. The record holds it.'),
    runEnding(end) {
      const outcome = end.type === 'run-end' ? end.outcome : 'abandoned'
      const word = `${outcomeSymbol(outcome)} ${outcomeWord(outcome, t)}`
      return end.type === 'run-end' ? `${word} · ${formatDuration(end.durationMs, t, locale)}` : word
    },
  }
}
