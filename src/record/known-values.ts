import { createMasker } from '../secrets/create-masker.ts'
import type { Act } from './act.ts'

export interface KnownValue {
  readonly name: string
  readonly value: string
}

/**
 * What the runs of this process had to mask, wherever it came from: a keychain, a command, a hidden answer. It is in no
 * record, so whatever is written about a run later can only be masked by the process that had it.
 */
export interface KnownValues {
  remember(run: string, values: readonly KnownValue[]): void
  /** The act as it may be on record. */
  masked(act: Act): Act
}

/** Of the runs that ended last. */
const rememberedRuns = 100

export function createKnownValues(): KnownValues {
  const byRun = new Map<string, readonly KnownValue[]>()

  function maskFor(runs: readonly (string | undefined)[]): (text: string) => string {
    const values = runs.flatMap((run) => (run === undefined ? [] : (byRun.get(run) ?? [])))
    return values.length === 0 ? (text) => text : createMasker(values).mask
  }

  return {
    remember(run, values) {
      if (values.length === 0) return
      byRun.set(run, [...values])
      for (const oldest of byRun.keys()) if (byRun.size > rememberedRuns) byRun.delete(oldest)
    },
    masked(act) {
      if (act.act === 'run-noted') return { ...act, text: maskFor([act.about.run])(act.text) }
      if (act.act !== 'run-signed-off') return act
      const { with: companion, text, ...rest } = act
      const mask = maskFor([act.about.run, act.own?.run])
      return {
        ...rest,
        ...(companion !== undefined && { with: mask(companion) }),
        ...(text !== undefined && { text: mask(text) }),
      }
    },
  }
}
