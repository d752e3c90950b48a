import type { Dirent } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeFile } from '../runbook/file-text.ts'
import { errnoOf } from './record-reading.ts'

/** Folders that hold other people's Markdown, or none. */
const passedOver = /^(\.git|\.hg|\.svn|\.baton|node_modules)$/

/**
 * The Markdown files of a folder and all folders below it, in order of their paths. Symbolic links are not followed, and a
 * folder that cannot be read is passed over.
 * @param folder absolute
 */
export async function* listMarkdownFiles(folder: string): AsyncGenerator<string> {
  const entries: Dirent[] = await readdir(folder, { withFileTypes: true }).catch(() => [])
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && !passedOver.test(entry.name)) yield* listMarkdownFiles(path)
    else if (entry.isFile() && /\.(md|markdown)$/i.test(entry.name)) yield path
  }
}

export type TextFile =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'not-text' }
  /** `reason` is an errno name. */
  | { readonly kind: 'failed'; readonly reason: string }

/** The text of a file as runbooks are read: UTF-8, or UTF-16 with a mark. */
export async function readTextFile(path: string): Promise<TextFile> {
  try {
    const text = decodeFile(await readFile(path))
    return text === undefined ? { kind: 'not-text' } : { kind: 'text', text }
  } catch (error) {
    return { kind: 'failed', reason: errnoOf(error) }
  }
}
