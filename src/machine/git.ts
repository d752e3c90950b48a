import { stat } from 'node:fs/promises'
import { devNull, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import type { RunDescription } from '../execution/event.ts'

type GitState = NonNullable<RunDescription['git']>

/**
 * The folder that holds the repo of `path` (a file or a folder, absolute): the nearest one above with a `.git`, which is a
 * file in a worktree and a submodule. Undefined when there is none. Needs no git, which Windows computers often keep out of
 * the PATH, and gives the path as it was spelled.
 */
export async function repositoryRoot(path: string): Promise<string | undefined> {
  for (let folder = path; ; folder = dirname(folder)) {
    if (await isRepository(folder)) return folder
    if (folder === dirname(folder)) return undefined
  }
}

async function isRepository(folder: string): Promise<boolean> {
  const dotGit = join(folder, '.git')
  const kind = await stat(dotGit).catch(() => undefined)
  if (!kind?.isDirectory()) return kind?.isFile() === true
  // An empty folder of that name is no repo for git either.
  return (await stat(join(dotGit, 'HEAD')).catch(() => undefined)) !== undefined
}

/**
 * What is checked out. `changed` tells whether anything but records differs from the commit, files that git does not know
 * included. Undefined without git, outside of a repo, and where git does not answer within `timeLimitMs`.
 */
export async function gitState(root: string): Promise<GitState | undefined> {
  const scope = ['--', '.', ':(top,exclude).baton/runs']
  const options = ['--porcelain=v2', '--branch', '-z', '--untracked-files=normal', '--ignore-submodules=all']
  const status = await git(root, ['status', ...options, ...scope], await withoutOwnFilters(root))
  if (status === undefined) return undefined
  const lines = status.split('\0').filter((line) => line !== '')
  const header = (name: string) => lines.find((line) => line.startsWith(`# ${name} `))?.slice(name.length + 3)
  const commit = header('branch.oid')
  const branch = header('branch.head')
  return {
    ...(commit !== undefined && commit !== '(initial)' && { commit }),
    ...(branch !== undefined && branch !== '(detached)' && { branch }),
    changed: lines.some((line) => !line.startsWith('# ')),
  }
}

/**
 * The records that are in no commit as they are now: new, or changed. Absolute paths; none where git ignores them all, and
 * outside of a repo.
 */
export async function uncommittedRecords(root: string): Promise<readonly string[]> {
  const options = ['--porcelain=v1', '-z', '--untracked-files=all', '--no-renames', '--ignore-submodules=all']
  const status = await git(root, ['status', ...options, '--', '.baton/runs'], await withoutOwnFilters(root))
  const entries = status?.split('\0') ?? []
  // Two letters and a space; what is deleted cannot be looked at.
  const kept = entries.filter((entry) => entry.endsWith('.jsonl') && entry[1] !== 'D' && !entry.startsWith('D '))
  return kept.map((entry) => join(root, entry.slice(3))).sort()
}

/** Who runs: as git would name the author of a commit here, else the name of the account on this computer. */
export async function operatorOf(root: string): Promise<RunDescription['operator']> {
  const config = await git(root, ['config', '--null', '--get-regexp', String.raw`^user\.(name|email)$`])
  // The last one wins: git lists the repo's own after the user's.
  const configured = new Map(config?.split('\0').map((entry) => splitOnce(entry, '\n')))
  const name = process.env.GIT_AUTHOR_NAME?.trim() || configured.get('user.name')?.trim() || accountName()
  const email = process.env.GIT_AUTHOR_EMAIL?.trim() || configured.get('user.email')?.trim()
  return { name, ...(email && { email }) }
}

function splitOnce(text: string, at: string): readonly [string, string] {
  const index = text.indexOf(at)
  return index === -1 ? [text, ''] : [text.slice(0, index), text.slice(index + at.length)]
}

function accountName(): string {
  try {
    return userInfo().username
  } catch {
    // An account without an entry in the password database, as in some containers.
    return process.env.USER ?? process.env.USERNAME ?? 'unknown'
  }
}

const timeLimitMs = 5000

/** A repo is opened before anybody trusts it: nothing that its configuration names may run, and nothing is written to it. */
const harmless = ['core.fsmonitor=false', `core.hooksPath=${devNull}`, 'safe.bareRepository=explicit']

export const environment = {
  LC_ALL: 'C',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_LAZY_FETCH: '1',
  // Set inside of a git hook, where they would name another repo than the folder does.
  GIT_DIR: undefined,
  GIT_WORK_TREE: undefined,
  GIT_INDEX_FILE: undefined,
}

/**
 * Settings that turn off the content filters that the repo itself configures: `status` would run them over changed files.
 * Those of the user, such as Git LFS, stay.
 */
export async function withoutOwnFilters(root: string): Promise<readonly string[]> {
  const pattern = String.raw`^filter\..*\.(clean|smudge|process|required)$`
  const listed = await git(root, ['config', '--null', '--show-scope', '--name-only', '--get-regexp', pattern])
  const words = listed?.split('\0') ?? []
  return words.flatMap((name, index) => {
    const scope = words[index - 1]
    return index % 2 === 1 && (scope === 'local' || scope === 'worktree') ? [`${name}=`] : []
  })
}

/** What git prints, run where nothing of the repo gets to run; undefined when it is missing, fails or takes too long. */
export async function git(
  root: string,
  args: readonly string[],
  settings: readonly string[] = [],
  { input, timeoutMs = timeLimitMs }: { readonly input?: string; readonly timeoutMs?: number } = {},
): Promise<string | undefined> {
  const config = [...harmless, ...settings].flatMap((setting) => ['-c', setting])
  const result = await execa('git', ['-C', root, '--no-pager', ...config, ...args], {
    reject: false,
    timeout: timeoutMs,
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
    env: environment,
  })
  return result.failed ? undefined : result.stdout
}
