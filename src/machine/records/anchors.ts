import { isAbsolute, join, relative, sep } from 'node:path'
import type { Anchor } from '../../record/trust.ts'
import type { CheckedRecord } from '../../record/verify-store.ts'
import { git, withoutOwnFilters } from '../git.ts'
import { losesPushedLines, type PushedVersion } from './rewriting.ts'

export interface Anchors {
  /** By the path of a record. */
  readonly anchors: ReadonlyMap<string, Anchor>
  /** Paths of records that the last commit holds and that are not here. */
  readonly deleted: readonly string[]
  readonly obstacle?: 'git-unavailable' | 'nothing-pushed'
}

/** A history of a hundred thousand records is read in some seconds. */
const timeoutMs = 120_000

/**
 * Which records are in a commit that a remote-tracking branch reaches. Git compares the files with what it knows, so line
 * ends that it changed itself do not count. The number of processes does not grow with that of the records.
 * @param folder where the records are, or the only one that matters; relative to `root`, with `/`
 */
export async function findAnchors(root: string, folder: string, records: readonly CheckedRecord[]): Promise<Anchors> {
  const none = (obstacle: Anchors['obstacle']): Anchors => ({
    anchors: new Map(),
    deleted: [],
    ...(obstacle && { obstacle }),
  })
  const filters = await withoutOwnFilters(root)
  const ask = (args: readonly string[], input?: string) =>
    git(root, args, filters, { timeoutMs, ...(input !== undefined && { input }) })
  const [remotes, commit] = await Promise.all([
    ask(['for-each-ref', '--count=1', '--format=%(objectname)', 'refs/remotes']),
    ask(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']),
  ])
  if (remotes === undefined) return none('git-unavailable')
  const here = await filesHere(folder, commit === undefined ? undefined : commit.trim(), ask)
  if (here === undefined) return none('git-unavailable')
  if (remotes.trim() === '') return { ...none('nothing-pushed'), deleted: here.deleted }
  const pushed = await pushedVersions(folder, ask)
  if (pushed === undefined) return { ...none('git-unavailable'), deleted: here.deleted }

  const paths = new Map(records.map(({ path }) => [path, inRepository(root, path)]))
  const blobs = await blobsOf(
    [...paths.values()].filter((path) => pushed.first.has(path)),
    here,
    ask,
  )
  const anchors = new Map<string, Anchor>()
  const grown: PushedVersion[] = []
  for (const { path } of records) {
    const name = paths.get(path) ?? path
    const blob = blobs.get(name)
    anchors.set(path, { kind: blob !== undefined && pushed.blobs.has(blob) ? 'pushed' : 'not-pushed' })
    const first = pushed.first.get(name)
    if (first !== undefined && blob !== undefined && blob !== first.blob) grown.push({ ...first, path })
  }
  for (const { path, commit } of await losesPushedLines(root, grown)) anchors.set(path, { kind: 'rewritten', commit })
  return { anchors, deleted: here.deleted }
}

type Ask = (args: readonly string[], input?: string) => Promise<string | undefined>

interface FilesHere {
  /** By path: the blob that the last commit has, of files that are as they were committed. */
  readonly committed: ReadonlyMap<string, string>
  readonly deleted: readonly string[]
}

/** Compares with the last commit, which reads only files that changed since git looked at them. */
async function filesHere(folder: string, commit: string | undefined, ask: Ask): Promise<FilesHere | undefined> {
  if (commit === undefined) return { committed: new Map(), deleted: [] }
  const [tree, changes, flags] = await Promise.all([
    ask(['ls-tree', '-r', '-z', commit, '--', folder]),
    ask(['diff-index', '-z', '--name-status', '--no-renames', commit, '--', folder]),
    ask(['ls-files', '-z', '-v', '--', folder]),
  ])
  if (tree === undefined || changes === undefined || flags === undefined) return undefined
  const committed = new Map<string, string>()
  for (const entry of partsOf(tree)) {
    const tab = entry.indexOf('\t')
    const blob = /^\d+ blob ([0-9a-f]+)$/.exec(entry.slice(0, tab))?.[1]
    if (blob !== undefined) committed.set(entry.slice(tab + 1), blob)
  }
  const deleted: string[] = []
  const words = partsOf(changes)
  for (let at = 0; at + 1 < words.length; at += 2) {
    const path = words[at + 1] ?? ''
    committed.delete(path)
    if (words[at] === 'D' && path.endsWith('.jsonl')) deleted.push(path)
  }
  // Of files with a flag of these, git was told not to look whether they changed.
  for (const entry of partsOf(flags)) if (/^[a-zS] /.test(entry)) committed.delete(entry.slice(2))
  return { committed, deleted }
}

interface PushedVersions {
  /** By path: the oldest version, and the commit that brought it. */
  readonly first: ReadonlyMap<string, Omit<PushedVersion, 'path'>>
  /** Every version of every record. */
  readonly blobs: ReadonlySet<string>
}

async function pushedVersions(folder: string, ask: Ask): Promise<PushedVersions | undefined> {
  const format = ['--raw', '--no-abbrev', '--no-renames', '-z', '--format=%x00%H']
  const log = await ask(['log', ...format, '--full-history', '--diff-filter=AM', '--remotes', '--', folder])
  if (log === undefined) return undefined
  const first = new Map<string, Omit<PushedVersion, 'path'>>()
  const blobs = new Set<string>()
  let commit = ''
  let blob: string | undefined
  // Newest first: what comes last for a path is its oldest version.
  for (const part of partsOf(log)) {
    if (blob !== undefined) {
      first.set(part, { blob, commit })
      blobs.add(blob)
      blob = undefined
      continue
    }
    blob = /^\n?:\d+ \d+ [0-9a-f]+ ([0-9a-f]+) [AM]$/.exec(part)?.[1]
    if (blob === undefined) commit = part.trim()
  }
  return { first, blobs }
}

/** What git would store of files, those that changed since the last commit included. */
async function blobsOf(paths: readonly string[], { committed }: FilesHere, ask: Ask) {
  const known = new Map<string, string>()
  const others: string[] = []
  for (const path of paths) {
    const blob = committed.get(path)
    if (blob === undefined) others.push(path)
    else known.set(path, blob)
  }
  // A name with a line end cannot be asked about, and is none of a record of ours.
  const asked = others.filter((path) => !path.includes('\n'))
  if (asked.length === 0) return known
  const hashes = await ask(['hash-object', '--stdin-paths'], `${asked.join('\n')}\n`)
  for (const [index, hash] of (hashes?.trim().split('\n') ?? []).entries()) known.set(asked[index] ?? '', hash)
  return known
}

function partsOf(answer: string): readonly string[] {
  return answer.split('\0').filter((part) => part !== '')
}

/** A path as git names it. */
export function inRepository(root: string, path: string): string {
  return relative(root, isAbsolute(path) ? path : join(root, path))
    .split(sep)
    .join('/')
}
