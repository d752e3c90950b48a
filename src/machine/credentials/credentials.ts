import { setImmediate as turn } from 'node:timers/promises'
import { findCredentials } from '../../secrets/credentials/findings.ts'
import { credentialsInRecord } from '../../secrets/credentials/record.ts'
import type { CredentialScanner } from '../../secrets/credentials/scanner.ts'
import { chunksOf, errnoOf } from '../record-reading.ts'
import { secretlintHits } from './secretlint.ts'

/** The rules and the formats together: a bundle of its own, loaded when the first text is looked through. */
export function createCredentialScanner(): CredentialScanner {
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
  }
}
