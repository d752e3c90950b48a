import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type SigningProblem, signatureNamespace, signaturePath, signedText } from '../../record/signature.ts'
import { createVerifier } from '../../record/verify.ts'
import type { RecordSettings } from '../../runbook/team-settings.ts'
import { git, operatorOf } from '../git.ts'
import { sshKeygen } from '../ssh-keygen.ts'
import { writeRecordFile } from './file.ts'
import { chunksOf, errnoOf } from './reading.ts'

export interface SigningOrder {
  /** Of the repo, absolute. */
  readonly root: string
  /** Of a record that is closed; relative to `root`, with `/`. */
  readonly path: string
  /** What the repo wants: `true` takes the key that git signs this operator's commits with. */
  readonly sign: RecordSettings['sign']
}

/**
 * Signs a record with the operator's SSH key. Nothing is asked: a key that needs a passphrase has to be in an agent.
 * @returns why it is not signed although it should be
 */
export async function signRecord({ root, path, sign }: SigningOrder): Promise<SigningProblem | undefined> {
  if (sign === false) return undefined
  const [key, operator] = await Promise.all([sign === true ? gitsKey(root) : ownFile(sign.key, root), operatorOf(root)])
  if (key === undefined) return { code: 'key-unset' }
  if (operator.email === undefined) return { code: 'email-unset' }
  const file = join(root, path)
  try {
    const head = await headOf(file)
    if (head === undefined) return undefined
    const signed = await signText(signedText(head), key)
    if ('code' in signed) return signed
    await writeRecordFile(signaturePath(file), Buffer.from(signed.signature))
    return undefined
  } catch (error) {
    return { code: 'failed', detail: errnoOf(error) }
  }
}

/** Everybody has their own under the same name. */
function ownFile(path: string, root: string): SigningKey {
  return { key: resolve(root, path.replace(/^~(?=[\\/])/, homedir())) }
}

interface SigningKey {
  /** A file, or the public key itself, of which an agent has the other half. */
  readonly key: string
  readonly program?: string
}

/** As `git commit -S` finds it; see git-config(1). */
async function gitsKey(root: string): Promise<SigningKey | undefined> {
  const pattern = String.raw`^(gpg\.format|gpg\.ssh\.program|user\.signingkey)$`
  const listed = await git(root, ['config', '--null', '--show-scope', '--type=path', '--get-regexp', pattern])
  const words = listed?.split('\0') ?? []
  const values = new Map<string, string>()
  for (let at = 0; at + 1 < words.length; at += 2) {
    const [name = '', value = ''] = words[at + 1]?.split('\n') ?? []
    // What a repo's own configuration names is not run.
    const isOwn = words[at] === 'local' || words[at] === 'worktree'
    if (!(isOwn && name === 'gpg.ssh.program')) values.set(name, value)
  }
  const key = values.get('user.signingkey')
  const program = values.get('gpg.ssh.program')
  if (values.get('gpg.format') !== 'ssh' || !key) return undefined
  return { key, ...(program && { program }) }
}

/** Undefined where the record is not closed, or is no chain: then there is nothing to stand for. */
async function headOf(file: string): Promise<string | undefined> {
  const verifier = createVerifier()
  for await (const chunk of chunksOf(file)) verifier.push(chunk)
  const found = verifier.end()
  return found.kind === 'ok' ? found.head : undefined
}

async function signText(
  text: string,
  { key, program = 'ssh-keygen' }: SigningKey,
): Promise<{ readonly signature: string } | SigningProblem> {
  const literal = /^(?:key::|(?=(?:ssh|ecdsa|sk)-))(.*)$/s.exec(key)?.[1]
  if (literal === undefined && !(await isFile(key))) return { code: 'key-missing', key }
  const folder = literal === undefined ? undefined : await mkdtemp(join(tmpdir(), 'baton-key-'))
  try {
    const file = folder === undefined ? key : join(folder, 'key.pub')
    if (literal !== undefined) await writeFile(file, `${literal}\n`)
    const agent = literal === undefined ? [] : ['-U']
    const made = await sshKeygen(['-Y', 'sign', '-n', signatureNamespace, '-f', file, ...agent], text, program)
    if (made.kind === 'done') return { signature: `${made.stdout.trim()}\n` }
    if (made.kind === 'missing') return { code: 'program-missing', program }
    if (made.kind === 'timeout') return { code: 'failed', detail: 'ETIMEDOUT' }
    if (/passphrase/.test(made.message)) return { code: 'key-locked', key }
    return { code: 'failed', detail: made.message.split('\n').at(-1) ?? '' }
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true
}
