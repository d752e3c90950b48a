import { relative, sep } from 'node:path'
import type { RecordCommits } from '../../record/commit.ts'
import { repositoryRoot, uncommittedRecords } from '../git.ts'
import { commitRecordFiles } from './commit.ts'
import type { RecordStore } from './store.ts'

/** @param signed resolves when no record is being signed any more */
export function recordCommits(root: string, store: RecordStore, signed: () => Promise<void>): RecordCommits {
  return {
    isVersioned: async () => (await repositoryRoot(root)) !== undefined,
    async uncommitted() {
      await signed()
      return (await uncommittedRecords(root)).map((path) => relative(root, path).split(sep).join('/'))
    },
    all: store.all,
    async isSound(path) {
      const [checked] = (await store.verify([path])).records
      return checked?.verification.kind === 'ok' || checked?.verification.kind === 'abandoned'
    },
    commit: (paths, message) => commitRecordFiles(root, paths, message),
  }
}
