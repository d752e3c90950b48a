import type { SigningProblem } from '../../record/signature.ts'
import { readTeamSettingsOf } from '../team-settings-file.ts'
import { signRecord } from './signing.ts'

/** Signs records when they are closed, beside whatever goes on. */
export interface RecordSigner {
  /** To be called with a record that was closed; see `signRecord`. */
  sign(root: string, path: string): void
  /** Resolves when nothing is being signed any more. */
  settled(): Promise<void>
}

/** @param onProblem hears why a record was not signed; the same reason once */
export function createRecordSigner(onProblem: (problem: SigningProblem) => void): RecordSigner {
  const pending = new Set<Promise<void>>()
  const told = new Set<string>()

  async function sign(root: string, path: string): Promise<void> {
    const { settings } = await readTeamSettingsOf(root)
    const problem = await signRecord({ root, path, sign: settings.records.sign })
    if (!problem || told.has(problem.code)) return
    told.add(problem.code)
    onProblem(problem)
  }

  return {
    sign(root, path) {
      const work = sign(root, path).finally(() => pending.delete(work))
      pending.add(work)
    },
    async settled() {
      while (pending.size > 0) await Promise.all(pending)
    },
  }
}
