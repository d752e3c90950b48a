import { isUnanchored, isUncertain, type TrustedRecord, type TrustObstacle } from '../record/trust.ts'
import type { MissingRecord } from '../record/verify-store.ts'
import { obstacleSentence, trustDetails, trustSentence } from '../wording/trust.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { shownPath } from './shown-path.ts'
import { styleFor } from './style.ts'

export interface Verdict extends TrustedRecord {
  /** Absolute. */
  readonly file: string
  readonly isWrong: boolean
  /** It has no end because it is being written now. */
  readonly isRunning: boolean
}

export interface Findings {
  readonly verdicts: readonly Verdict[]
  readonly missing: readonly MissingRecord[]
  readonly deleted: readonly string[]
  readonly obstacles: ReadonlySet<TrustObstacle>
}

/** One line for each record, then what is missing, then what all of it means. */
export function printFindings({ verdicts, missing, deleted, obstacles }: Findings, line: CommandLine): void {
  const { t, out, err } = line
  const style = styleFor(out)
  if (verdicts.length === 0) err.write(`${t('There are no records here.')}\n`)
  for (const verdict of verdicts) out.write(`${recordLine(verdict, line)}\n`)
  for (const { head, namedBy } of missing) {
    const witnesses = namedBy.map((path) => plain(path)).join(', ')
    out.write(`${style.bad(`✗ ${t('A record is missing: {0} names it ({1}).', witnesses, head.slice(0, 12))}`)}\n`)
  }
  for (const path of deleted) {
    out.write(`${style.bad(`✗ ${t('A record is missing: the last commit has {0}.', plain(path))}`)}\n`)
  }
  const wrong = verdicts.filter(({ isWrong }) => isWrong).length + missing.length + deleted.length
  if (wrong > 0) err.write(`${t('Compare with git’s history: git log -p -- .baton/runs')}\n`)
  if (verdicts.length === 0) return
  for (const obstacle of obstacles) err.write(`${obstacleSentence(obstacle, t)}\n`)
  const loose = verdicts.filter((verdict) => isUnanchored(verdict) && !verdict.isWrong && !verdict.isRunning).length
  if (loose > 0) {
    err.write(
      `${t('Not anchored: {0}. Neither signed nor pushed, such a record can be made anew as a whole.', loose)}\n`,
    )
  }
}

function recordLine(verdict: Verdict, { t, out, cwd }: CommandLine): string {
  const { file, verification, isWrong, isRunning } = verdict
  const style = styleFor(out)
  const path = plain(shownPath(file, cwd))
  const place = style.quiet(verification.kind === 'tampered' ? `${path}:${verification.line}` : path)
  if (isRunning) return `${style.good(t('… The run is going on, and its chain is whole so far'))}  ${place}`
  const sentence = plain(trustSentence(verdict, t))
  const marked = verification.kind === 'incomplete' ? `✗ ${sentence}` : sentence
  if (isWrong) return `${style.bad(marked)}  ${place}`
  const details = trustDetails(verdict, t)
    .map((detail) => ` · ${plain(detail)}`)
    .join('')
  return `${style.good(marked)}${isUncertain(verdict) ? style.notice(details) : style.good(details)}  ${place}`
}

/** For programs: what each field means is in docs/command-line.md. */
export function findingsAsJson({ verdicts, missing, deleted, obstacles }: Findings) {
  const records = verdicts.map(({ path, verification, signature, anchor, attachments, isRunning, isWrong }) => {
    const { kind, ...found } = verification
    const isAnchored = !isUnanchored({ signature, anchor })
    const result = isRunning ? 'running' : kind
    return {
      path,
      result,
      wrong: isWrong,
      ...found,
      anchored: isAnchored,
      signature,
      git: anchor,
      ...(attachments && { attachments }),
    }
  })
  return { records, missing, deleted, obstacles: [...obstacles] }
}
