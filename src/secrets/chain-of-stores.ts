import type { SecretStore } from './store.ts'

/**
 * Several stores as one: a secret is read from the first that has it, and written to and deleted from the last.
 * A store that fails ends the search: one behind it might hold an older value.
 */
export function chainOfStores(readFirst: readonly SecretStore[], last: SecretStore): SecretStore {
  return {
    kind: last.kind,
    async get(name) {
      for (const store of readFirst) {
        const lookup = await store.get(name)
        if (lookup.kind !== 'missing') return lookup
      }
      return last.get(name)
    },
    set: (name, value) => last.set(name, value),
    delete: (name) => last.delete(name),
  }
}
