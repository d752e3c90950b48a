import type { AttachmentFault } from '../../record/attachment.ts'
import { createRecordDigest } from '../../record/pruner.ts'
import { createVerifier } from '../../record/verify.ts'
import type { CheckedRecord } from '../../record/verify-store.ts'
import { verifyWhole, type WholeRecord } from '../../record/verify-whole.ts'
import { checkAttachments, checkAttachmentsSync } from '../attachment-check.ts'
import { errnoOf, withChunks, withChunksSync } from './reading.ts'

/** What a record is, without its name. */
export type RecordCheck = Omit<CheckedRecord, 'path'>

/**
 * Checks a record while other things go on.
 * @param file absolute
 * @param onHash see `createVerifier`
 */
export async function checkRecord(file: string, onHash?: (hash: string) => void): Promise<RecordCheck> {
  const checker = createChecker(onHash)
  try {
    await withChunks(file, checker.onChunk)
  } catch (error) {
    return unreadable(error)
  }
  const { attachments, ...found } = checker.end()
  const faults = await checkAttachments(file, attachments)
  if (!hasPruned(found)) return withFaults(found, faults)
  const digest = createRecordDigest()
  try {
    await withChunks(file, digest.push)
  } catch (error) {
    return unreadable(error)
  }
  return withFaults({ ...found, sha256: digest.end() }, faults)
}

/** The same for a thread that has nothing else to do: it waits for the disk. */
export function checkRecordSync(file: string, onHash?: (hash: string) => void): RecordCheck {
  const checker = createChecker(onHash)
  try {
    withChunksSync(file, checker.onChunk)
  } catch (error) {
    return unreadable(error)
  }
  const { attachments, ...found } = checker.end()
  const faults = checkAttachmentsSync(file, attachments)
  if (!hasPruned(found)) return withFaults(found, faults)
  const digest = createRecordDigest()
  try {
    withChunksSync(file, digest.push)
  } catch (error) {
    return unreadable(error)
  }
  return withFaults({ ...found, sha256: digest.end() }, faults)
}

/** What an act vouches for is the whole file, which takes a second look: such files are small. */
function hasPruned({ verification }: RecordCheck): boolean {
  return 'pruned' in verification && verification.pruned !== undefined
}

function createChecker(onHash: ((hash: string) => void) | undefined) {
  const verifier = createVerifier(onHash)
  let found: WholeRecord | undefined
  return {
    onChunk(chunk: Uint8Array, isWhole: boolean): void {
      found = isWhole && onHash === undefined ? verifyWhole(chunk) : undefined
      if (found === undefined) verifier.push(chunk)
    },
    end(): WholeRecord {
      if (found !== undefined) return found
      const verification = verifier.end()
      const vouches = verifier.vouches()
      // What a record names that was changed, nobody can say.
      const attachments = verification.kind === 'tampered' ? [] : verifier.attachments()
      return { verification, parents: verifier.parents(), attachments, ...(vouches.length > 0 && { vouches }) }
    },
  }
}

function withFaults(found: RecordCheck, faults: readonly AttachmentFault[]): RecordCheck {
  return faults.length === 0 ? found : { ...found, attachments: faults }
}

function unreadable(error: unknown): RecordCheck {
  return { verification: { kind: 'unreadable', reason: errnoOf(error) }, parents: [] }
}
