import type { Dirent } from 'node:fs'
import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises'
import { isAbsolute, join, relative, sep } from 'node:path'
import { decodeFile } from '../runbook/file-text.ts'
import { git } from './git.ts'
import { errnoOf } from './records/reading.ts'

export type FileText =
  | { readonly kind: 'text'; readonly text: string }
  /** Not valid in its encoding, or binary. */
  | { readonly kind: 'not-text' }
  /** `reason` is an errno name. */
  | { readonly kind: 'failed'; readonly reason: string }

const markdown = /\.(?:md|markdown)$/i
// In Baton's own folder lie records, and what was attached to them.
const neverEntered = ['.git', 'node_modules', '.baton']

/**
 * The Markdown files below a folder, as absolute paths in the order of their names: in a repo those that git does not ignore,
 * elsewhere all. Folders behind symbolic links are not entered, and a linked file counts when it lies in the folder, too. What
 * cannot be listed is left out.
 * @param root absolute
 */
export async function* listMarkdownFiles(root: string): AsyncGenerator<string> {
  const candidates = (await knownToGit(root)) ?? walk(root)
  for await (const path of candidates) {
    if (await isFileWithin(root, path)) yield path
  }
}

/** Reads a file as `decodeFile` understands it. Never rejects. */
export async function readTextFile(path: string): Promise<FileText> {
  try {
    const text = decodeFile(await readFile(path))
    return text === undefined ? { kind: 'not-text' } : { kind: 'text', text }
  } catch (error) {
    return { kind: 'failed', reason: errnoOf(error) }
  }
}

/** Undefined where git has no say: outside of a repo, without git, and in a folder that it ignores as a whole. */
async function knownToGit(root: string): Promise<readonly string[] | undefined> {
  // Not `:(icase)`, for which git 2.39 finds nothing in a folder that is new.
  const patterns = ['*.[mM][dD]', '*.[mM][aA][rR][kK][dD][oO][wW][nN]']
  const listed = await git(root, ['ls-files', '-z', '-co', '--exclude-standard', '--deduplicate', '--', ...patterns])
  if (listed === undefined) return undefined
  const names = listed.split('\0').filter((name) => markdown.test(name))
  if (names.length === 0 && (await git(root, ['check-ignore', '--quiet', '.'])) !== undefined) return undefined
  return names
    .filter((name) => !name.split('/').some((part) => neverEntered.includes(part)))
    .sort()
    .map((name) => join(root, name))
}

async function* walk(folder: string): AsyncGenerator<string> {
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      if (!neverEntered.includes(entry.name)) yield* walk(path)
    } else if (markdown.test(entry.name)) yield path
  }
}

/** In the order that the paths below them have. */
async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const key = (entry: Dirent) => (entry.isDirectory() ? `${entry.name}/` : entry.name)
  return entries.sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

async function isFileWithin(root: string, path: string): Promise<boolean> {
  try {
    const own = await lstat(path)
    if (!own.isSymbolicLink()) return own.isFile()
    const way = relative(await realpath(root), await realpath(path))
    return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way) && (await stat(path)).isFile()
  } catch {
    // Deleted, but not yet for git; or a link to nothing.
    return false
  }
}
