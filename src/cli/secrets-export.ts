import { basename, resolve } from 'node:path'
import { chainOfStores } from '../secrets/chain-of-stores.ts'
import { setInStore } from '../secrets/memory.ts'
import { type Gathered, gatherSecrets, handOver, type WantedSecret } from '../secrets/transfer/handover.ts'
import { checkPassphrase, minimumPassphrase } from '../secrets/transfer/passphrase.ts'
import type { TransferKey } from '../secrets/transfer/transfer.ts'
import { systemReason } from '../wording/execution-problems.ts'
import { secretCount } from '../wording/secrets.ts'
import { transferProblemSentence } from '../wording/transfer-problems.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { maskedLine } from './masked-line.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { recordFailure, tellFailure, tellTransferProblem } from './secret-problems.ts'
import { checkName, type DeclaredSecrets, declaredSecrets } from './secrets-declared.ts'
import { shownPath } from './shown-path.ts'
import { styleFor } from './style.ts'
import { typedKey } from './typed-key.ts'
import { UsageError } from './usage-error.ts'

export interface ExportOptions {
  /** Recipients, or `passphrase`. */
  readonly to?: readonly string[]
  readonly output?: string
}

/** `baton secrets export`: the values of secrets, encrypted for the successor, in one file. */
export async function exportSecrets(
  names: readonly string[],
  options: ExportOptions,
  line: CommandLine,
): Promise<ExitCode> {
  const { t, secrets } = line
  for (const name of names) checkName(name, line)
  const to = (options.to ?? []).map((recipient) => recipient.trim())
  const withPassphrase = to.includes('passphrase')
  if (withPassphrase && to.length > 1) {
    return tellTransferProblem({ code: 'passphrase-beside-recipients', values: {} }, line)
  }
  const wrong = withPassphrase ? undefined : await secrets.transfers.checkRecipients(to)
  if (wrong !== undefined) return tellTransferProblem(wrong, line)
  if (withPassphrase && line.prompt === undefined) {
    throw new UsageError(t('A passphrase is typed in a terminal, where nobody else reads it. Run this in one.'))
  }

  const declared = await declaredSecrets(line, 'anywhere')
  const wanted = wantedSecrets(names, declared)
  if (wanted.length === 0) throw new UsageError(t('No runbook here declares a secret that could be handed over.'))
  const gathered = await gather(wanted, line)
  if ('failure' in gathered) return tellFailure(gathered.name, gathered.failure, line)
  const safe = maskedLine(
    line,
    gathered.secrets.map(({ value }) => value),
  )
  refuseMissing(names, gathered, safe)

  const path = resolve(line.cwd, options.output ?? `secrets-${dayOf(line.now())}.age`)
  const replace = await mayReplace(path, line)
  if (replace === 'no') return exitCodes.cancelled
  const key = withPassphrase ? await newPassphrase(safe) : ({ kind: 'recipients', recipients: to } as const)
  if (key === undefined) return exitCodes.cancelled

  const content = {
    from: await secrets.operatorOf(declared.root),
    time: line.now(),
    secrets: gathered.secrets,
  }
  const handed = await handOver(
    { content, key, path, file: basename(path), replace: replace === 'yes' },
    {
      ...secrets,
      recordAct: (act) => (declared.keepsRecords ? secrets.recordAct(declared.root, act) : Promise.resolve(undefined)),
    },
  )
  switch (handed.kind) {
    case 'problem':
      return tellTransferProblem(handed.problem, safe)
    case 'unrecorded': {
      const { path: record, reason } = recordFailure(handed.failure.problem, line)
      const sentence = t('Nothing was handed over, because the record cannot be written: {0} ({1}).', reason, record)
      safe.err.write(`${styleFor(safe.err).bad(sentence)}\n`)
      return exitCodes.unable
    }
    case 'unwritable': {
      const reason = handed.reason === 'EEXIST' ? t('the file is there already') : systemReason(handed.reason, t)
      const sentence = t('The file {0} cannot be written: {1}.', plain(shownPath(path, line.cwd)), reason)
      safe.err.write(`${styleFor(safe.err).bad(sentence)}\n`)
      return exitCodes.unable
    }
    case 'done':
      tellDone(path, key, gathered, names.length === 0 ? declared : undefined, safe)
      if (!declared.keepsRecords) {
        safe.err.write(`${t('Not on record: this folder is in no repository.')}\n`)
      }
      return exitCodes.fine
  }
}

/** Those that were named, else all that are declared and that no command prints. */
function wantedSecrets(names: readonly string[], { secrets }: DeclaredSecrets): readonly WantedSecret[] {
  const labelled = (name: string) => {
    const label = secrets.find((secret) => secret.name === name)?.label
    return { name, ...(label === undefined ? {} : { label }) }
  }
  if (names.length > 0) return [...new Set(names)].map(labelled)
  return secrets.filter(({ isPrinted }) => !isPrinted).map(({ name }) => labelled(name))
}

async function gather(wanted: readonly WantedSecret[], { runs, secrets }: CommandLine) {
  const traces = await secrets.memory.recall()
  const given = new Set<string>()
  for (const { name } of wanted) if ((await runs.environmentSecrets.get(name)).kind === 'found') given.add(name)
  // As a run has them.
  const store = chainOfStores([runs.environmentSecrets], runs.keychain)
  return gatherSecrets(wanted, store, (name) =>
    given.has(name) ? undefined : setInStore(traces.get(name), 'keychain'),
  )
}

/** Who names secrets wants all of them; who names none wants what is there. */
function refuseMissing(names: readonly string[], { secrets, missing, unusable }: Gathered, { t }: CommandLine): void {
  const absent = [...missing, ...unusable].join(', ')
  if (secrets.length === 0 || (names.length > 0 && absent !== '')) {
    throw new UsageError(t('Nothing was handed over, because there is no value here for: {0}', absent))
  }
}

/** Whether a file may go that is there already: `free` where there is none. */
async function mayReplace(path: string, { t, err, files, cwd, prompt }: CommandLine): Promise<'free' | 'yes' | 'no'> {
  const kind = await files.kindOf(path)
  if (kind === 'missing') return 'free'
  const shown = plain(shownPath(path, cwd))
  if (kind === 'folder') throw new UsageError(t('{0} is a folder. Name a file with --output.', shown))
  const sentence = t('The file {0} is there already.', shown)
  if (prompt === undefined) throw new UsageError(`${sentence} ${t('Name another one with --output.')}`)
  err.write(`${sentence}\n`)
  const typed = await prompt.line(styleFor(err).notice(`  ${t('r: replace it · Enter or Ctrl+C: stop')} `))
  return typedKey(typed ?? '') === 'r' ? 'yes' : 'no'
}

/** Typed twice, unseen. Undefined when the person withdrew. */
async function newPassphrase({ t, err, prompt }: CommandLine): Promise<TransferKey | undefined> {
  const style = styleFor(err)
  err.write(`${style.quiet(t('The passphrase: at least {0} characters, best several words.', minimumPassphrase))}\n`)
  for (;;) {
    const passphrase = await prompt?.hidden(`${style.strong(t('Passphrase'))}: `)
    if (passphrase === undefined) return undefined
    const wrong = checkPassphrase(passphrase)
    if (wrong !== undefined) {
      err.write(`${style.bad(transferProblemSentence(wrong, t))}\n`)
      continue
    }
    const again = await prompt?.hidden(`${style.strong(t('The same once more'))}: `)
    if (again === undefined) return undefined
    if (again === passphrase) return { kind: 'passphrase', passphrase }
    err.write(`${style.bad(t('That was not the same. Type it again.'))}\n`)
  }
}

/** @param declared where all that are declared were asked for */
function tellDone(
  path: string,
  key: TransferKey,
  { secrets, missing, unusable }: Gathered,
  declared: DeclaredSecrets | undefined,
  line: CommandLine,
): void {
  const { t, out, err, locale, cwd } = line
  const style = styleFor(out)
  const names = secrets.map(({ name }) => name).join(', ')
  out.write(`${style.good(`✓ ${secretCount(secrets.length, t, locale)}`)}: ${names}\n`)
  out.write(`  ${t('File: {0}', plain(shownPath(path, cwd)))}\n`)
  if (key.kind === 'recipients') for (const to of new Set(key.recipients)) out.write(`  ${t('For: {0}', to)}\n`)
  const absent = [...missing, ...unusable].join(', ')
  if (absent !== '') out.write(`${style.notice(`✗ ${t('Not in it, because there is no value here: {0}', absent)}`)}\n`)
  const printed = (declared?.secrets ?? []).filter(({ isPrinted }) => isPrinted).map(({ name }) => name)
  if (printed.length > 0) out.write(`  ${t('Not in it, because a command prints them: {0}', printed.join(', '))}\n`)
  err.write(
    key.kind === 'passphrase'
      ? `${t('Send the file, and tell the passphrase by another way. Do not commit the file.')}\n`
      : `${t('Send the file. Only its recipient can open it. Do not commit it.')}\n`,
  )
}

/** `20261128`, in the local time zone. */
function dayOf(time: number): string {
  const day = new Date(time)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${day.getFullYear()}${two(day.getMonth() + 1)}${two(day.getDate())}`
}
