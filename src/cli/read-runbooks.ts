import { resolve } from 'node:path'
import type { Runbook } from '../runbook/runbook.ts'
import { unreadRunbook } from '../runbook/unread.ts'
import { systemReason } from '../wording/execution-problems.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { shownPath } from './shown-path.ts'
import { UsageError } from './usage-error.ts'

export interface ReadFile {
  /** Absolute. */
  readonly path: string
  /** As messages name it. */
  readonly shown: string
  readonly text: string
  readonly runbook: Runbook
}

/** One file that a person named. */
export async function readRunbook(name: string, line: CommandLine): Promise<ReadFile> {
  const path = resolve(line.cwd, name)
  const read = await line.files.read(path)
  switch (read.kind) {
    case 'text':
      return { path, shown: shownPath(path, line.cwd), text: read.text, runbook: line.files.parse(read.text) }
    case 'not-text':
      throw new UsageError(`${plain(name)}: ${sentenceOfUnread(line)}`)
    case 'failed':
      throw new UsageError(line.t('{0} cannot be read: {1}.', plain(name), systemReason(read.reason, line.t)))
  }
}

/** What to do about a file that is no text. */
export function sentenceOfUnread({ t }: Pick<CommandLine, 't'>): string {
  return t('This file is not text in UTF-8. Save it as UTF-8, with your editor.')
}

/** Whether a file of a folder is no text that could be read as a runbook. */
export function isUnread({ runbook }: ReadFile): boolean {
  return runbook.problems.some(({ code }) => code === 'file-not-text')
}

/** A file that a runbook links to; undefined where there is none, or none of text. */
export async function readLinked(path: string, line: CommandLine): Promise<ReadFile | undefined> {
  const read = await line.files.read(path)
  if (read.kind !== 'text') return undefined
  return { path, shown: shownPath(path, line.cwd), text: read.text, runbook: line.files.parse(read.text) }
}

/**
 * The Markdown files of a folder. One that is no text, such as one in Shift_JIS, comes as a document with that problem; one that
 * vanishes meanwhile is left out.
 */
export async function* readFolder(folder: string, line: CommandLine): AsyncGenerator<ReadFile> {
  const paths = await line.files.markdownIn(folder)
  if (paths === 'missing') throw new UsageError(line.t('There is no folder {0}.', plain(folder)))
  for (const path of paths) {
    const read = await line.files.read(path)
    const shown = shownPath(path, line.cwd)
    if (read.kind === 'text') yield { path, shown, text: read.text, runbook: line.files.parse(read.text) }
    if (read.kind === 'not-text') yield { path, shown, text: '', runbook: unreadRunbook('file-not-text') }
  }
}
