import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, posix } from 'node:path'
import { execa } from 'execa'
import type { CommitRefusal, RecordCommit } from '../../record/commit.ts'
import { environment } from '../git.ts'
import { draftEnding } from './file.ts'

/**
 * Commits records, and what lies beside each under its name, by themselves: an ordinary `git commit --only`, with the
 * identity, the signature and the hooks that any commit of this user in this repo has. What else is staged or changed stays so.
 * @param root of the repo, absolute
 * @param records relative to `root`, with `/`; at least one
 */
export async function commitRecordFiles(
  root: string,
  records: readonly string[],
  message: string,
): Promise<RecordCommit> {
  const found = await run(root, ['rev-parse', '--absolute-git-dir'])
  if (found.kind !== 'done') return refusal(found)
  const underWay = await whatIsUnderWay(found.stdout.trim())
  if (underWay !== undefined) return { kind: 'refused', reason: underWay }
  const unmerged = await run(root, ['ls-files', '--unmerged'])
  if (unmerged.kind !== 'done' || unmerged.stdout !== '') return { kind: 'refused', reason: 'conflicts' }

  const paths = (await Promise.all(records.map((record) => withCompanions(root, record)))).flat()
  const list = paths.map((path) => `${path}\0`).join('')

  const before = await stagedAmong(root, paths)
  const added = await run(root, ['add', ...fromInput], list)
  const committed =
    added.kind === 'done'
      ? await run(root, ['commit', '--quiet', '--only', `--message=${message}`, ...fromInput], list)
      : added
  if (committed.kind !== 'done') {
    await restoreStaged(root, paths, before)
    return refusal(committed)
  }
  const commit = await run(root, ['rev-parse', '--short', 'HEAD'])
  return { kind: 'committed', commit: commit.kind === 'done' ? commit.stdout.trim() : 'HEAD' }
}

const fromInput = ['--pathspec-from-file=-', '--pathspec-file-nul']

/** A record, and its signature, its attachments and what else has its name and another ending. */
async function withCompanions(root: string, record: string): Promise<readonly string[]> {
  const folder = posix.dirname(record)
  const stem = posix.basename(record, '.jsonl')
  const names = await readdir(join(root, folder)).catch(() => [basename(record)])
  const own = names.filter((name) => name === stem || name.startsWith(`${stem}.`))
  return own.filter((name) => !name.endsWith(draftEnding)).map((name) => `${folder}/${name}`)
}

const signs: readonly (readonly [file: string, CommitRefusal])[] = [
  ['MERGE_HEAD', 'merge'],
  ['rebase-merge', 'rebase'],
  ['rebase-apply', 'rebase'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
  ['BISECT_LOG', 'bisect'],
]

/** A commit now would become part of it, or end it. */
async function whatIsUnderWay(gitFolder: string): Promise<CommitRefusal | undefined> {
  for (const [file, what] of signs) {
    const isThere = await stat(join(gitFolder, file)).catch(() => undefined)
    if (isThere !== undefined) return what
  }
  return undefined
}

/** By path: how git keeps it in the index, as `mode hash stage`. */
async function stagedAmong(root: string, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const folders = [...new Set(paths.map((path) => dirname(path)))]
  const listed = await run(root, ['ls-files', '--stage', '-z', '--', ...folders])
  const entries = (listed.kind === 'done' ? listed.stdout : '').split('\0').filter(Boolean)
  const staged = entries.map((entry) => {
    const tab = entry.indexOf('\t')
    return [entry.slice(tab + 1), entry.slice(0, tab)] as const
  })
  const isOurs = (path: string) => paths.some((one) => path === one || path.startsWith(`${one}/`))
  return new Map(staged.filter(([path]) => isOurs(path)))
}

/** A commit that came to nothing must not leave records staged that nobody staged. */
async function restoreStaged(
  root: string,
  paths: readonly string[],
  before: ReadonlyMap<string, string>,
): Promise<void> {
  const now = await stagedAmong(root, paths)
  // Mode 0 takes an entry out.
  const removed = [...now]
    .filter(([path]) => !before.has(path))
    .map(([path, entry]) => `0${entry.slice(entry.indexOf(' '))}\t${path}\0`)
  const changed = [...before].filter(([path, entry]) => now.get(path) !== entry)
  const lines = [...removed, ...changed.map(([path, entry]) => `${entry}\t${path}\0`)]
  if (lines.length > 0) await run(root, ['update-index', '-z', '--index-info'], lines.join(''))
}

function refusal(failed: Exclude<GitResult, { kind: 'done' }>): RecordCommit {
  if (failed.kind === 'missing') return { kind: 'refused', reason: 'git-missing' }
  const { detail } = failed
  const reason = phrases.find(([phrase]) => phrase.test(detail))?.[1]
  if (reason !== undefined) return { kind: 'refused', reason }
  return { kind: 'refused', reason: 'git', detail: detail.trim().split('\n').slice(-linesOfDetail).join('\n') }
}

/** What git prints in the language C. */
const phrases: readonly (readonly [phrase: RegExp, CommitRefusal])[] = [
  [/not a git repository/, 'no-repository'],
  [/paths are ignored by one of your \.gitignore/, 'ignored'],
  [/tell me who you are|unable to auto-detect email|empty ident name/i, 'identity-missing'],
  [/Unable to create '.*\.lock'/, 'locked'],
]

/** Of a hook that prints more, the end says why. */
const linesOfDetail = 10

type GitResult =
  | { readonly kind: 'done'; readonly stdout: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly detail: string }

/** Hooks may run whole test suites. */
const timeLimitMs = 10 * 60_000

/** Unlike what only looks, this runs with the settings of the repo, as when its user commits. */
async function run(root: string, args: readonly string[], input = ''): Promise<GitResult> {
  const result = await execa('git', ['-C', root, '--no-pager', '--literal-pathspecs', ...args], {
    reject: false,
    timeout: timeLimitMs,
    input,
    env: environment,
    stripFinalNewline: false,
  })
  if (!result.failed) return { kind: 'done', stdout: result.stdout }
  if (result.exitCode === undefined && result.code === 'ENOENT') return { kind: 'missing' }
  return { kind: 'failed', detail: `${result.stderr}\n${result.stdout}`.trim() }
}
