import type { SecretStore } from './store.ts'

/**
 * What a computer remembers of its user's secrets beside the values: never a value, nor anything that is made from one.
 * Neither function rejects: what cannot be read or written is not known.
 */
export interface SecretMemory {
  /** Secrets that were set here and not deleted here since, by name. */
  recall(): Promise<ReadonlyMap<string, SecretTrace>>
  note(notes: readonly SecretNote[]): Promise<void>
}

export interface SecretTrace {
  /** Since when the value is the one that it is: milliseconds since the epoch. */
  readonly setAt: number
  /** Where it was put. */
  readonly kept: SecretStore['kind']
}

/** Something that was done with a secret. */
export type SecretNote =
  /** `at` is now when left out; of a value that somebody else had before, when they set it, as far as that is known. */
  | { readonly act: 'set'; readonly name: string; readonly kept: SecretStore['kind']; readonly at?: number }
  | { readonly act: 'deleted'; readonly name: string }

/** A store whose changes are remembered, and which tells a value that was taken away from one that never was there. */
export function rememberedStore<Store extends SecretStore>(store: Store, memory: SecretMemory): Store {
  return {
    ...store,
    async get(name) {
      const lookup = await store.get(name)
      if (lookup.kind !== 'missing') return lookup
      const setAt = setInStore((await memory.recall()).get(name), store.kind)
      return setAt === undefined ? lookup : { kind: 'missing', setAt }
    },
    async set(name, value) {
      const failure = await store.set(name, value)
      if (failure === undefined) await memory.note([{ act: 'set', name, kept: store.kind }])
      return failure
    },
    async delete(name) {
      const failure = await store.delete(name)
      if (failure === undefined) await memory.note([{ act: 'deleted', name }])
      return failure
    },
  }
}

/** When a value was put into this kind of store; undefined when it never was, or only into another. */
export function setInStore(trace: SecretTrace | undefined, kept: SecretStore['kind']): number | undefined {
  return trace?.kept === kept ? trace.setAt : undefined
}
