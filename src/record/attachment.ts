import type { Attachment } from '../execution/event.ts'
import { isFields, isNumber, isText } from './json-fields.ts'

/** The most bytes of one attachment: records are in git, which keeps everything for good. */
export const attachmentLimit = 25 * 1024 * 1024

/** What is wrong with a file that a record says is attached. */
export interface AttachmentFault {
  readonly name: string
  readonly what: 'missing' | 'changed' | 'unreadable'
}

/** The folder of a record's attachments: beside it, with its name. */
export function attachmentFolder(recordPath: string): string {
  return recordPath.replace(/\.jsonl$/, '')
}

/** The attachments that a `step-end` line names; what is none is left out. */
export function attachmentsIn(value: unknown): readonly Attachment[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((entry): Attachment[] => {
    if (!isFields(entry)) return []
    const { name, bytes, sha256 } = entry
    return isText(name) && isNumber(bytes) && isText(sha256) ? [{ name, bytes, sha256 }] : []
  })
}

/** Whether a name stands for a file in the folder itself: a record may be hand-edited, and lead anywhere. */
export function isAttachmentName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\:\0]/.test(name)
}

/** What Windows opens as a device, whatever its ending. */
const reserved = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i

/**
 * A file name that every file system takes: without what Windows forbids, without what is invisible or turns the writing
 * direction, of 80 characters at most, with its ending.
 */
export function attachmentName(name: string): string {
  const safe = name
    .normalize('NFC')
    .replaceAll(/[<>:"/\\|?*\p{C}\p{Zl}\p{Zp}]+/gu, '-')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^[-.\s]+|[-.\s]+$/g, '')
  const [, stem = '', ending = ''] = /^(.*?)(\.[^.\s]{1,12})?$/su.exec(safe) ?? []
  const short =
    [...stem]
      .slice(0, 80 - ending.length)
      .join('')
      .trimEnd() || 'attachment'
  // By its ending it would be a record, or the draft of one.
  const last = /^\.(?:jsonl|part)$/i.test(ending) ? `${ending}.txt` : ending
  return reserved.test(short) ? `_${short}${last}` : `${short}${last}`
}

/** The name where another file has that one already: `photo 2.png`. */
export function numberedName(name: string, number: number): string {
  const dot = name.lastIndexOf('.')
  return dot > 0 ? `${name.slice(0, dot)} ${number}${name.slice(dot)}` : `${name} ${number}`
}
