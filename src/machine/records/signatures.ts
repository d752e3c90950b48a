import { mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { isFields, text } from '../../record/json-fields.ts'
import { readLineObject } from '../../record/read-line.ts'
import {
  allowedSignersPath,
  type Signature,
  signatureNamespace,
  signaturePath,
  signedText,
} from '../../record/signature.ts'
import type { CheckedRecord } from '../../record/verify-store.ts'
import { sshKeygen } from '../ssh-keygen.ts'
import { errnoOf, mapBounded } from './reading.ts'

/** A signature of the largest keys has a few kilobytes. */
const signatureLimit = 64 * 1024
/** The first line of a record: parameters are in it, output is not. */
const firstLineLimit = 4 * 1024 * 1024

/** What is beside records, by their path. A record whose chain is broken is not asked about: nothing can be said of its head. */
export async function checkSignatures(
  root: string,
  records: readonly CheckedRecord[],
): Promise<ReadonlyMap<string, Signature>> {
  const found = new Map<string, Signature>()
  const signed: SignedRecord[] = []
  const isThere = knownFiles()
  await mapBounded(records, async ({ path, verification }) => {
    const file = isAbsolute(path) ? path : join(root, path)
    if (!('head' in verification) || verification.head === undefined) return
    if (!(await isThere(signaturePath(file)))) return
    const signature = await readSignature(signaturePath(file))
    if (signature === 'none') return
    if (signature === 'no-signature') found.set(path, { kind: 'wrong', reason: signature })
    else signed.push({ path, head: verification.head, signature, ...(await operatorIn(file)) })
  })
  if (signed.length === 0) return found
  const folder = await mkdtemp(join(tmpdir(), 'baton-signatures-'))
  try {
    const signers = await copySigners(root, folder)
    const desk = { folder, signers }
    // Each is a process: the same question, as of a record that stands under two names, is asked once.
    const verdicts = new Map<string, Promise<Signature>>()
    await mapBounded(
      signed,
      async ({ path, ...question }) => {
        const key = JSON.stringify(Object.entries(question))
        const verdict = verdicts.get(key) ?? check(question, desk)
        verdicts.set(key, verdict)
        found.set(path, await verdict)
      },
      availableParallelism(),
    )
    return found
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Looks into each folder once: most records of a repo may have no signature. */
function knownFiles(): (file: string) => Promise<boolean> {
  const folders = new Map<string, Promise<ReadonlySet<string>>>()
  const namesIn = async (folder: string) => new Set(await readdir(folder).catch(() => []))
  return async (file) => {
    const folder = dirname(file)
    const names = folders.get(folder) ?? namesIn(folder)
    folders.set(folder, names)
    return (await names).has(basename(file))
  }
}

interface SignedRecord {
  readonly path: string
  readonly head: string
  /** The armored text, with `\n` as line ends. */
  readonly signature: string
  readonly email?: string
  /** When the record began, as `ssh-keygen` takes it. */
  readonly time?: string
}

interface Desk {
  /** For what `ssh-keygen` takes as files. */
  readonly folder: string
  /** The file of allowed signers. */
  readonly signers: string | undefined
}

/** `ssh-keygen` takes neither signatures nor keys with the line ends that git gives a file on Windows. */
async function readSignature(file: string): Promise<string> {
  try {
    if ((await stat(file)).size > signatureLimit) return 'no-signature'
    const armored = (await readFile(file, 'latin1')).replaceAll('\r\n', '\n')
    return armored.startsWith('-----BEGIN SSH SIGNATURE-----\n') ? armored : 'no-signature'
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? 'none' : 'no-signature'
  }
}

async function copySigners(root: string, folder: string): Promise<string | undefined> {
  try {
    const signers = await readFile(join(root, allowedSignersPath), 'utf8')
    const copy = join(folder, 'allowed_signers')
    await writeFile(copy, signers.replaceAll('\r\n', '\n'))
    return copy
  } catch (error) {
    errnoOf(error)
    return undefined
  }
}

/** Whom the first line names, and when. */
async function operatorIn(file: string): Promise<Pick<SignedRecord, 'email' | 'time'>> {
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(size, firstLineLimit)))
    const bytes = buffer.subarray(0, bytesRead)
    const end = bytes.indexOf(10)
    const line = readLineObject(end === -1 ? bytes : bytes.subarray(0, end))
    const operator = line?.fields.operator
    const email = isFields(operator) ? text(operator.email) : undefined
    const time = Date.parse(line?.time ?? '')
    return {
      ...(email && { email }),
      ...(!Number.isNaN(time) && { time: new Date(time).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '') }),
    }
  } finally {
    await handle.close()
  }
}

async function check(
  { head, signature, email, time }: Omit<SignedRecord, 'path'>,
  { folder, signers }: Desk,
): Promise<Signature> {
  const file = join(folder, `${crypto.randomUUID()}.sig`)
  await writeFile(file, signature)
  const ask = (...words: readonly string[]) => sshKeygen([...words, '-s', file], signedText(head))
  const at = time === undefined ? [] : [`-Overify-time=${time}`]
  const namespace = ['-n', signatureNamespace]
  if (signers !== undefined && email !== undefined) {
    const verified = await ask('-Y', 'verify', ...at, '-f', signers, '-I', email, ...namespace)
    if (verified.kind === 'done') return { kind: 'good', signer: email }
    if (verified.kind !== 'failed') return { kind: 'unknown', reason: 'unchecked' }
  }
  // Not by that person, as far as is known: whether it is a signature of this record at all is said first.
  const valid = await ask('-Y', 'check-novalidate', ...namespace)
  if (valid.kind === 'failed') return { kind: 'wrong', reason: 'other-content' }
  if (valid.kind !== 'done') return { kind: 'unknown', reason: 'unchecked' }
  if (signers === undefined) return { kind: 'unknown', reason: 'signers-missing' }
  const found = await ask('-Y', 'find-principals', ...at, '-f', signers)
  const owners = found.kind === 'done' ? found.stdout.split(/[\n,]/).filter((owner) => owner.trim() !== '') : []
  const [signer] = owners
  if (signer === undefined) return { kind: 'unknown', reason: 'signer-unlisted' }
  if (email === undefined) return { kind: 'unknown', reason: 'email-missing' }
  // It is theirs, and the file allows it for something else, such as commits.
  if (owners.some((owner) => matches(email, owner))) return { kind: 'unknown', reason: 'signer-unlisted' }
  return { kind: 'wrong', reason: 'other-person', signer }
}

/** PATTERNS of ssh_config(5), without negation. */
function matches(email: string, pattern: string): boolean {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i').test(email)
}
