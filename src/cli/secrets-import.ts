import { basename, resolve } from 'node:path'
import { readAgeFile } from '../secrets/transfer/age-file.ts'
import type { ReadContent } from '../secrets/transfer/content.ts'
import { identitiesIn, ownIdentity } from '../secrets/transfer/identity.ts'
import type { TransferProblem } from '../secrets/transfer/problem.ts'
import {
  type ComparedSecret,
  compareSecrets,
  type OnExisting,
  secretsToKeep,
  takeOver,
} from '../secrets/transfer/takeover.ts'
import type { TransferProof } from '../secrets/transfer/transfer.ts'
import { systemReason } from '../wording/execution-problems.ts'
import { secretCount } from '../wording/secrets.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { showPreview } from './import-preview.ts'
import { maskedLine } from './masked-line.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { keepAct, tellFailure, tellTransferProblem } from './secret-problems.ts'
import { declaredSecrets } from './secrets-declared.ts'
import { styleFor } from './style.ts'
import { typedKey } from './typed-key.ts'
import { UsageError } from './usage-error.ts'

export interface ImportOptions {
  readonly identity?: string
  readonly onExisting?: string
  readonly yes?: true
}

/** How often a passphrase may be mistyped. */
const tries = 3

/** `baton secrets import`: takes over what a predecessor has handed over. */
export async function importSecrets(file: string, options: ImportOptions, line: CommandLine): Promise<ExitCode> {
  const { t, runs, secrets } = line
  const onExisting = onExistingOf(options.onExisting, line)
  const bytes = await readNamed(file, line)
  const read = await openFile(bytes, options, line)
  if (read === 'withdrawn') return exitCodes.cancelled
  if (typeof read === 'number') return read
  const { content, refused } = read

  const incoming = content.secrets.map(({ value }) => value)
  const declared = await declaredSecrets(line)
  const compared = await compareSecrets(content.secrets, runs.keychain)
  const safe = maskedLine(line, incoming)
  if ('failure' in compared) return tellFailure(compared.name, compared.failure, safe)
  const traces = await secrets.memory.recall()
  showPreview({ content, refused, compared, declared: declared.secrets, traces }, safe)

  const isOpen = compared.some(({ state }) => state !== 'same')
  if (!isOpen) {
    const isEmpty = compared.length === 0
    safe.out.write(`${isEmpty ? t('There is nothing to take over.') : t('Everything is here already.')}\n`)
    return isEmpty ? exitCodes.failed : exitCodes.fine
  }
  const decided = await decide(compared, onExisting, options, safe)
  if (decided === 'withdrawn') return exitCodes.cancelled
  const chosen = secretsToKeep(compared, (name) => decided.get(name) ?? 'keep')
  const { taken, failed } = await takeOver(chosen, runs.keychain, secrets.memory)
  for (const { name, failure } of failed) tellFailure(name, failure, safe)
  const kept = compared.filter(({ secret }) => decided.get(secret.name) === 'keep').map(({ secret }) => secret.name)
  const style = styleFor(safe.out)
  if (taken.length > 0) {
    const count = secretCount(taken.length, t, line.locale)
    safe.out.write(
      `${style.good(`✓ ${t('{0} taken over into: {1}', count, runs.keychainName)}`)}: ${taken.join(', ')}\n`,
    )
  }
  if (kept.length > 0) safe.out.write(`  ${t('Left as they were: {0}', kept.join(', '))}\n`)
  const act = { act: 'secrets-imported', secrets: taken, file: basename(file) } as const
  const recorded = taken.length > 0 ? await keepAct(act, declared, safe) : exitCodes.fine
  if (taken.length > 0 && failed.length === 0) {
    safe.err.write(`${t('Delete the file now: {0}', plain(file))}\n`)
  }
  return failed.length > 0 ? exitCodes.failed : recorded
}

function onExistingOf(option: string | undefined, { t }: CommandLine): OnExisting | undefined {
  switch (option) {
    case undefined:
    case 'ask':
      return undefined
    case 'skip':
      return 'keep'
    case 'replace':
      return 'replace'
    default:
      throw new UsageError(t('--on-existing takes skip, replace or ask, not “{0}”.', plain(option)))
  }
}

async function readNamed(name: string, { t, files, cwd }: CommandLine): Promise<Uint8Array> {
  const read = await files.readBytes(resolve(cwd, name))
  if (read.kind === 'bytes') return read.bytes
  throw new UsageError(t('{0} cannot be read: {1}.', plain(name), systemReason(read.reason, t)))
}

type Opened = Extract<ReadContent, { kind: 'content' }>

async function openFile(
  bytes: Uint8Array,
  options: ImportOptions,
  line: CommandLine,
): Promise<Opened | ExitCode | 'withdrawn'> {
  const { secrets } = line
  const found = readAgeFile(bytes)
  if (found.kind === 'problem') return tellTransferProblem(found.problem, line)
  const open = (proof: TransferProof) => secrets.transfers.open(bytes, proof, secrets.longestValue)
  if (found.opensWith === 'passphrase') return openWithPassphrase(open, line)
  const identities = await identitiesFor(options, line)
  if (typeof identities === 'number') return identities
  if ('code' in identities) return tellTransferProblem(identities, line)
  const read = await open(identities)
  return read.kind === 'content' ? read : tellTransferProblem(read.problem, maskedLine(line, identities.identities))
}

async function openWithPassphrase(
  open: (proof: TransferProof) => Promise<ReadContent>,
  line: CommandLine,
): Promise<Opened | ExitCode | 'withdrawn'> {
  const { t, err, prompt } = line
  if (prompt === undefined) {
    throw new UsageError(t('This file opens with a passphrase, which is typed in a terminal. Run this in one.'))
  }
  const question = `${styleFor(err).strong(t('Passphrase of the file'))}: `
  for (let left = tries - 1; ; left -= 1) {
    const passphrase = await prompt.hidden(question)
    if (passphrase === undefined) return 'withdrawn'
    const read = await open({ identities: [], passphrase })
    if (read.kind === 'content') return read
    const code = tellTransferProblem(read.problem, maskedLine(line, [passphrase]))
    if (read.problem.code !== 'passphrase-wrong' || left === 0) return code
  }
}

/** Of the file that was named, else the one that `baton secrets identity` made. */
async function identitiesFor(
  { identity }: ImportOptions,
  line: CommandLine,
): Promise<TransferProof | TransferProblem | ExitCode> {
  const { t, runs, secrets } = line
  if (identity !== undefined) {
    // A key where its file should be named is not repeated.
    if (/AGE-SECRET-KEY-/i.test(identity)) {
      throw new UsageError(
        t('--identity takes the name of a file. An identity itself does not belong on a command line.'),
      )
    }
    return identitiesIn(new TextDecoder().decode(await readNamed(identity, line)))
  }
  const own = await ownIdentity(runs.keychain, secrets.transfers)
  switch (own.kind) {
    case 'identity':
      return { identities: [own.identity] }
    case 'failed':
      return tellFailure('age-identity', own.failure, line)
    case 'missing':
      return { code: 'identity-needed', values: {} }
    case 'unusable':
      return { code: 'identity-invalid', values: {} }
  }
}

/** What happens to each secret that has another value here, once it is said that there is to be an import at all. */
async function decide(
  compared: readonly ComparedSecret[],
  onExisting: OnExisting | undefined,
  options: ImportOptions,
  line: CommandLine,
): Promise<ReadonlyMap<string, OnExisting> | 'withdrawn'> {
  const { t, err, prompt } = line
  const others = compared.filter(({ state }) => state === 'other').map(({ secret }) => secret.name)
  const style = styleFor(err)
  if (prompt === undefined) {
    if (!options.yes) throw new UsageError(t('Nobody is here to look at that. Use --yes to take it over.'))
    if (others.length > 0 && onExisting === undefined) {
      throw new UsageError(
        t('These have another value here: {0}. Say what to do with --on-existing skip or replace.', others.join(', ')),
      )
    }
  } else if (!options.yes) {
    const typed = await prompt.line(style.notice(`  ${t('Enter: take over · Ctrl+C: stop')} `))
    if (typed?.trim() !== '') return 'withdrawn'
  }
  const decided = new Map<string, OnExisting>()
  for (const name of others) {
    const choice = onExisting ?? (await askAbout(name, line))
    if (choice === undefined) return 'withdrawn'
    decided.set(name, choice)
  }
  return decided
}

async function askAbout(name: string, { t, err, prompt }: CommandLine): Promise<OnExisting | undefined> {
  err.write(`${styleFor(err).strong(t('{0} has another value here.', name))}\n`)
  for (;;) {
    const typed = await prompt?.line(styleFor(err).notice(`  ${t('k: keep mine · r: replace it · Ctrl+C: stop')} `))
    if (typed === undefined) return undefined
    const answer = typedKey(typed)
    if (answer === 'k') return 'keep'
    if (answer === 'r') return 'replace'
  }
}
