import { createHash } from 'node:crypto'
import { open, readFile, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Attachment } from '../execution/event.ts'
import type { Attaching, AttachmentSource } from '../execution/run-site.ts'
import { attachmentFolder, attachmentLimit, attachmentName, numberedName } from '../record/attachment.ts'
import { makeFolder, syncFolder } from './records/file.ts'
import { errnoOf } from './records/reading.ts'

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
  const found = await stat(path)
  // A pipe has no end, and opening it waits for whoever writes into it.
  if (!found.isFile() && !found.isDirectory()) throw Object.assign(new Error('no file'), { code: 'EFTYPE' })
  const { size } = found
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
