import { createHash } from 'node:crypto'
import { closeSync, createReadStream, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { open, readFile, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Attachment } from '../execution/event.ts'
import type { Attaching, AttachmentSource } from '../execution/run-site.ts'
import {
  type AttachmentFault,
  attachmentFolder,
  attachmentLimit,
  attachmentName,
  isAttachmentName,
  numberedName,
} from '../record/attachment.ts'
import { makeFolder, syncFolder } from './record-file.ts'
import { errnoOf } from './record-reading.ts'

/**
 * Keeps a file beside a record: made exclusively, and on the disk when this resolves. What cannot be kept leaves nothing.
 * @param record absolute path of the record
 */
export async function keepAttachment(record: string, source: AttachmentSource): Promise<Attaching> {
  const name = source.kind === 'file' ? basename(source.path) : source.name
  const refused = (code: AttachmentProblem, error?: unknown): Attaching => {
    return { kind: 'refused', problem: { code, values: { name, reason: error === undefined ? '' : errnoOf(error) } } }
  }
  let content: Uint8Array | undefined
  try {
    content = source.kind === 'file' ? await readSmall(source.path) : source.content
  } catch (error) {
    return refused('attachment-unreadable', error)
  }
  if (content === undefined || content.length > attachmentLimit) return refused('attachment-too-large')
  const folder = attachmentFolder(record)
  try {
    await makeFolder(folder)
    return { kind: 'attached', attachment: await write(folder, attachmentName(name), content) }
  } catch (error) {
    return refused('attachment-unwritable', error)
  }
}

type AttachmentProblem = 'attachment-unreadable' | 'attachment-unwritable' | 'attachment-too-large'

/** Undefined for more than may be attached. */
async function readSmall(path: string): Promise<Uint8Array | undefined> {
  const { size } = await stat(path)
  return size > attachmentLimit ? undefined : readFile(path)
}

async function write(folder: string, wanted: string, content: Uint8Array): Promise<Attachment> {
  const { handle, name } = await openNew(folder, wanted)
  try {
    await handle.writeFile(content)
    await handle.datasync()
  } catch (error) {
    await handle.close().catch(() => undefined)
    await rm(join(folder, name), { force: true }).catch(() => undefined)
    throw error
  }
  await handle.close()
  await syncFolder(folder)
  return { name, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') }
}

/** Two pictures that are pasted have the same name. */
async function openNew(folder: string, wanted: string) {
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : numberedName(wanted, number)
    try {
      return { handle: await open(join(folder, name), 'wx'), name }
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error
    }
  }
}

/** What of a record's attachments is not as it was. */
export async function checkAttachments(
  record: string,
  attachments: readonly Attachment[],
): Promise<readonly AttachmentFault[]> {
  const faults: AttachmentFault[] = []
  for (const attachment of attachments) {
    const hash = createHash('sha256')
    const file = isAttachmentName(attachment.name) && join(attachmentFolder(record), attachment.name)
    try {
      if (!file) throw Object.assign(new Error('no name of a file'), { code: 'ENOENT' })
      for await (const chunk of createReadStream(file)) hash.update(chunk)
      const isSame = hash.digest('hex') === attachment.sha256 || hasOtherLineEnds(file, attachment.sha256)
      if (!isSame) faults.push({ name: attachment.name, what: 'changed' })
    } catch {
      faults.push({ name: attachment.name, what: 'missing' })
    }
  }
  return faults
}

/** The same for a thread that has nothing else to do. */
export function checkAttachmentsSync(record: string, attachments: readonly Attachment[]): readonly AttachmentFault[] {
  return attachments.flatMap(({ name, sha256 }): AttachmentFault[] => {
    try {
      const file = isAttachmentName(name) && join(attachmentFolder(record), name)
      return file && (hashOf(file) === sha256 || hasOtherLineEnds(file, sha256))
        ? []
        : [{ name, what: file ? 'changed' : 'missing' }]
    } catch {
      return [{ name, what: 'missing' }]
    }
  })
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
  if (statSync(file).size > 2 * attachmentLimit) return false
  const unix = readFileSync(file, 'latin1').replaceAll('\r\n', '\n')
  return [unix, unix.replaceAll('\n', '\r\n')].some(
    (text) => createHash('sha256').update(text, 'latin1').digest('hex') === sha256,
  )
}
