import { isAbsolute, join } from 'node:path'
import { createVerifier, type Verifier } from '../../record/verify.ts'
import { readBlobs } from '../git-blobs.ts'
import { chunksOf, mapBounded } from './reading.ts'

/** The oldest version of a record that was pushed. */
export interface PushedVersion {
  /** Of the record. */
  readonly path: string
  readonly blob: string
  readonly commit: string
}

/**
 * Those whose files have not the last line any more that they were pushed with. A record may grow, so it may be another
 * version; what was written stays.
 */
export async function losesPushedLines(
  root: string,
  versions: readonly PushedVersion[],
): Promise<readonly PushedVersion[]> {
  if (versions.length === 0) return []
  const verifiers = new Map<string, Verifier>()
  await readBlobs(root, [...new Set(versions.map(({ blob }) => blob))], (blob, chunk) => {
    const verifier = verifiers.get(blob) ?? createVerifier()
    verifiers.set(blob, verifier)
    verifier.push(chunk)
  })
  const heads = new Map<string, string>()
  for (const [blob, verifier] of verifiers) {
    const found = verifier.end()
    if ('head' in found && found.head !== undefined) heads.set(blob, found.head)
  }
  const lost = await mapBounded(versions, async (version) => {
    const head = heads.get(version.blob)
    return head === undefined ||
      (await hasLine(isAbsolute(version.path) ? version.path : join(root, version.path), head))
      ? []
      : [version]
  })
  return lost.flat()
}

async function hasLine(file: string, hash: string): Promise<boolean> {
  let has = false
  const verifier = createVerifier((line) => {
    has ||= line === hash
  })
  for await (const chunk of chunksOf(file)) verifier.push(chunk)
  verifier.end()
  return has
}
