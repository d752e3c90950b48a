import { createHash } from 'node:crypto'
import { closeSync, createReadStream, lstatSync, openSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { Attachment } from '../execution/event.ts'
import { type AttachmentFault, attachmentFolder, attachmentLimit, isAttachmentName } from '../record/attachment.ts'
import { errnoOf } from './records/reading.ts'

/** What of a record's attachments is not as it was. */
export async function checkAttachments(
  record: string,
  attachments: readonly Attachment[],
): Promise<readonly AttachmentFault[]> {
  const faults: AttachmentFault[] = []
  for (const { name, sha256 } of attachments) {
    const hash = createHash('sha256')
    try {
      const file = fileOf(record, name)
      for await (const chunk of createReadStream(file)) hash.update(chunk)
      const isSame = hash.digest('hex') === sha256 || hasOtherLineEnds(file, sha256)
      if (!isSame) faults.push({ name, what: 'changed' })
    } catch (error) {
      faults.push({ name, what: faultOf(error) })
    }
  }
  return faults
}

/** The same for a thread that has nothing else to do. */
export function checkAttachmentsSync(record: string, attachments: readonly Attachment[]): readonly AttachmentFault[] {
  return attachments.flatMap(({ name, sha256 }): AttachmentFault[] => {
    try {
      const file = fileOf(record, name)
      return hashOf(file) === sha256 || hasOtherLineEnds(file, sha256) ? [] : [{ name, what: 'changed' }]
    } catch (error) {
      return [{ name, what: faultOf(error) }]
    }
  })
}

/**
 * A file in the record's own folder: a link may lead anywhere, and a pipe is never read to its end.
 * @throws where there is none
 */
function fileOf(record: string, name: string): string {
  const folder = attachmentFolder(record)
  const file = join(folder, name)
  if (isAttachmentName(name) && lstatSync(folder).isDirectory() && lstatSync(file).isFile()) return file
  throw Object.assign(new Error('no file'), { code: 'ENOENT' })
}

function faultOf(error: unknown): AttachmentFault['what'] {
  return /^(?:ENOENT|ENOTDIR|ENAMETOOLONG)$/.test(errnoOf(error)) ? 'missing' : 'unreadable'
}

function hashOf(file: string): string {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(256 * 1024)
  const descriptor = openSync(file, 'r')
  try {
    for (let read = readSync(descriptor, buffer); read > 0; read = readSync(descriptor, buffer)) {
      hash.update(buffer.subarray(0, read))
    }
  } finally {
    closeSync(descriptor)
  }
  return hash.digest('hex')
}

/** Git may check a text file out with other line ends than it was attached with. */
function hasOtherLineEnds(file: string, sha256: string): boolean {
  // With every line end one byte longer at most twice as long.
  if (lstatSync(file).size > 2 * attachmentLimit) return false
  const unix = readFileSync(file, 'latin1').replaceAll('\r\n', '\n')
  return [unix, unix.replaceAll('\n', '\r\n')].some(
    (text) => createHash('sha256').update(text, 'latin1').digest('hex') === sha256,
  )
}
