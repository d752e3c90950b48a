import { createMasker } from '../secrets/create-masker.ts'
import type { Masker } from '../secrets/masker.ts'
import type { ExecutionProblem } from './problem.ts'

/** A masker that learns values while its run goes on; streams that are open already mask them from then on. */
export interface RunMasker extends Masker {
  learn(name: string, value: string): void
  /** All that it learned so far. */
  values(): readonly { readonly name: string; readonly value: string }[]
  /** A problem may quote what a program printed. */
  maskProblem<Problem extends ExecutionProblem | undefined>(problem: Problem): Problem
}

export function createRunMasker(): RunMasker {
  const known: { readonly name: string; readonly value: string }[] = []
  let masker: Masker | undefined
  // Made when it is used: many values are learned one after the other, and all their forms are much to get ready.
  const current = () => {
    masker ??= createMasker(known)
    return masker
  }
  const mask = (text: string) => current().mask(text)
  return {
    mask,
    maskProblem(problem) {
      if (problem === undefined) return problem
      const values = Object.entries(problem.values).map(([name, value]) => [name, mask(value)])
      return { ...problem, values: Object.fromEntries(values) }
    },
    stream() {
      let masking = current()
      let stream = masking.stream()
      let isSame = true
      return {
        write(chunk, isHidden) {
          isSame = masking === current()
          if (isSame) return stream.write(chunk, isHidden)
          const held = stream.end()
          masking = current()
          stream = masking.stream()
          return stream.write(held) + stream.write(chunk, isHidden)
        },
        end: () => stream.end(),
        held: () => stream.held(),
        isUntouched: () => isSame && stream.isUntouched(),
        release: () => stream.release(),
      }
    },
    values: () => known,
    learn(name, value) {
      if (value === '' || known.some((secret) => secret.value === value)) return
      known.push({ name, value })
      masker = undefined
    },
  }
}
