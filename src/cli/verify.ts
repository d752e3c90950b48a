import { resolve } from 'node:path'
import type { CheckedRecord, MissingRecord } from '../record/verify-store.ts'
import { verificationSentence } from '../wording/verification.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { shownPath } from './shown-path.ts'
import { styleFor } from './style.ts'
import { UsageError } from './usage-error.ts'

interface Verdict extends CheckedRecord {
  /** Absolute. */
  readonly file: string
  readonly isWrong: boolean
  /** It has no end because it is being written now. */
  readonly isRunning: boolean
}

/** `baton verify`: whether records are what was written; names the line that is not. */
export async function verify(
  names: readonly string[],
  options: { readonly json?: true },
  line: CommandLine,
): Promise<ExitCode> {
  const verdicts: Verdict[] = []
  const missing: MissingRecord[] = []
  for (const [root, paths] of await byRoot(names, line)) {
    const found = await line.records.verify(root, paths)
    missing.push(...found.missing)
    for (const record of found.records) verdicts.push(await judge(record, root, line))
  }
  if (options.json) line.out.write(`${JSON.stringify({ records: verdicts.map(jsonOf), missing }, null, 2)}\n`)
  else print(verdicts, missing, line)
  return missing.length > 0 || verdicts.some(({ isWrong }) => isWrong) ? exitCodes.failed : exitCodes.fine
}

/** Records of several repos may be named at once: each is held against the other records of its own. */
async function byRoot(names: readonly string[], line: CommandLine): Promise<Map<string, string[] | undefined>> {
  if (names.length === 0) return new Map([[await line.records.rootOf(line.cwd), undefined]])
  const roots = new Map<string, string[]>()
  for (const name of names) {
    const path = resolve(line.cwd, name)
    if ((await line.files.kindOf(path)) !== 'file') throw new UsageError(line.t('There is no record {0}.', plain(name)))
    const root = await line.records.rootOf(path)
    roots.set(root, [...(roots.get(root) ?? []), path])
  }
  return roots
}

async function judge(record: CheckedRecord, root: string, line: CommandLine): Promise<Verdict> {
  const file = resolve(root, record.path)
  const { kind } = record.verification
  // Cutting its last lines off leaves a chain without an end as well: only a writer that is at work excuses that.
  const isRunning = kind === 'incomplete' && (await line.records.isBeingWritten(root, record.path))
  return { ...record, file, isRunning, isWrong: !(kind === 'ok' || kind === 'abandoned' || isRunning) }
}

function print(verdicts: readonly Verdict[], missing: readonly MissingRecord[], line: CommandLine): void {
  const { t, out, cwd } = line
  const style = styleFor(out)
  if (verdicts.length === 0) line.err.write(`${t('There are no records here.')}\n`)
  for (const { file, verification, isWrong, isRunning } of verdicts) {
    const path = plain(shownPath(file, cwd))
    const place = verification.kind === 'tampered' ? `${path}:${verification.line}` : path
    const sentence = isRunning ? t('… The run is going on, and its chain is whole so far') : words(verification, line)
    out.write(`${(isWrong ? style.bad : style.good)(sentence)}  ${style.quiet(place)}\n`)
  }
  for (const { head, namedBy } of missing) {
    const witnesses = namedBy.map((path) => plain(path)).join(', ')
    out.write(`${style.bad(`✗ ${t('A record is missing: {0} names it ({1}).', witnesses, head.slice(0, 12))}`)}\n`)
  }
  const wrong = verdicts.filter(({ isWrong }) => isWrong).length + missing.length
  if (wrong > 0) line.err.write(`${t('Compare with git’s history: git log -p -- .baton/runs')}\n`)
  else if (verdicts.length > 0) {
    line.err.write(
      `${t('A chain shows changes, not who wrote it: a whole record made anew shows only against git’s history.')}\n`,
    )
  }
}

function words(verification: CheckedRecord['verification'], { t }: CommandLine): string {
  const sentence = verificationSentence(verification, t)
  return verification.kind === 'incomplete' ? `✗ ${sentence}` : sentence
}

function jsonOf({ path, verification, isRunning, isWrong }: Verdict) {
  const { kind, ...rest } = verification
  return { path, result: isRunning ? 'running' : kind, wrong: isWrong, ...rest }
}
