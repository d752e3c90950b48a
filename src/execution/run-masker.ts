import { createMasker } from '../secrets/create-masker.ts'
import type { Masker } from '../secrets/masker.ts'

/** A masker that learns values while its run goes on; streams that are open already mask them from then on. */
export interface RunMasker extends Masker {
  learn(name: string, value: string): void
}

export function createRunMasker(): RunMasker {
  const known: { readonly name: string; readonly value: string }[] = []
  let masker = createMasker([])
  return {
    mask: (text) => masker.mask(text),
    stream() {
      let masking = masker
      let stream = masking.stream()
      return {
        write(chunk) {
          if (masking === masker) return stream.write(chunk)
          const held = stream.end()
          masking = masker
          stream = masking.stream()
          return stream.write(held + chunk)
        },
        end: () => stream.end(),
      }
    },
    learn(name, value) {
      if (value === '' || known.some((secret) => secret.value === value)) return
      known.push({ name, value })
      masker = createMasker(known)
    },
  }
}
