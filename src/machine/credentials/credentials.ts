import { setImmediate as turn } from 'node:timers/promises'
import { excuseLine } from '../../secrets/credentials/excuse.ts'
import { findCredentials } from '../../secrets/credentials/findings.ts'
import { canMove, planMove } from '../../secrets/credentials/move.ts'
import { credentialsInRecord } from '../../secrets/credentials/record.ts'
import type { CredentialDesk } from '../../secrets/credentials/scanner.ts'
import { chunksOf, errnoOf } from '../records/reading.ts'
import { secretlintHits } from './secretlint.ts'

/** The rules and the formats together: a bundle of its own, loaded when the first text is looked through. */
export function createCredentialDesk(): CredentialDesk {
  const ports = { knownFormats: secretlintHits, pause: () => turn() }
  return {
    inMarkdown: (text) => findCredentials(text, { kind: 'markdown', directives: true, ...ports }),
    async inRecord(path, excused) {
      try {
        return await credentialsInRecord(chunksOf(path), excused, ports)
      } catch (error) {
        errnoOf(error)
        return []
      }
    },
    canMove,
    planMove,
    excuseLine,
  }
}
