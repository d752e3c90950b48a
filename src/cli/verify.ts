import { resolve } from 'node:path'
import { isUncertain, isWrong, type TrustedRecord, type TrustObstacle } from '../record/trust.ts'
import type { MissingRecord } from '../record/verify-store.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { UsageError } from './usage-error.ts'
import { findingsAsJson, printFindings, type Verdict } from './verify-report.ts'

export interface VerifyOptions {
  readonly json?: true
  /** What is not anchored, or signed by an unknown key, is wrong as well. */
  readonly strict?: true
}

/** `baton verify`: whether records are what was written, and by whom; names the line that is not. */
export async function verify(names: readonly string[], options: VerifyOptions, line: CommandLine): Promise<ExitCode> {
  const verdicts: Verdict[] = []
  const missing: MissingRecord[] = []
  const deleted: string[] = []
  const obstacles = new Set<TrustObstacle>()
  for (const [root, paths] of await byRoot(names, line)) {
    const found = await line.records.verify(root, paths)
    missing.push(...found.missing)
    deleted.push(...found.deleted)
    for (const obstacle of found.obstacles) obstacles.add(obstacle)
    for (const record of found.records) verdicts.push(await judge(record, root, line))
  }
  const findings = { verdicts, missing, deleted, obstacles }
  if (options.json) line.out.write(`${JSON.stringify(findingsAsJson(findings), null, 2)}\n`)
  else printFindings(findings, line)
  const fails = (verdict: Verdict) =>
    verdict.isWrong || (options.strict === true && !verdict.isRunning && isUncertain(verdict))
  return missing.length + deleted.length > 0 || verdicts.some(fails) ? exitCodes.failed : exitCodes.fine
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

async function judge(record: TrustedRecord, root: string, line: CommandLine): Promise<Verdict> {
  const file = resolve(root, record.path)
  const isCut = record.verification.kind === 'incomplete'
  // Cutting its last lines off leaves a chain without an end as well: only a writer that is at work excuses that.
  const isRunning = isCut && !isWrong(record) && (await line.records.isBeingWritten(root, record.path))
  return { ...record, file, isRunning, isWrong: isWrong(record) || (isCut && !isRunning) }
}
