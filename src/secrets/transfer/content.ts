import { isReservedName, isVariableName } from '../../runbook/reserved-names.ts'
import { checkSecretValue } from '../secret-value.ts'
import type { RefusalCode, RefusedSecret, TransferProblem } from './problem.ts'

/** What is handed over: the decrypted file, which is nowhere but in memory. */
export interface TransferContent {
  /** Who hands over. Nothing proves it. */
  readonly from: { readonly name: string; readonly email?: string }
  /** When: milliseconds since the epoch. */
  readonly time: number
  readonly secrets: readonly TransferredSecret[]
}

export interface TransferredSecret {
  readonly name: string
  readonly value: string
  readonly label?: string
  /** Since when the value is the one that it is, as far as the predecessor's computer knew: milliseconds since the epoch. */
  readonly setAt?: number
}

/** The version of the content that is written. */
const contentFormat = 1

/** JSON, the plain text of the file. */
export function writeContent({ from, time, secrets }: TransferContent): string {
  const entries = secrets.map(({ setAt, ...secret }) => ({
    ...secret,
    ...(setAt === undefined ? {} : { setAt: new Date(setAt).toISOString() }),
  }))
  const whole = { baton: 'secrets', format: contentFormat, from, time: new Date(time).toISOString(), secrets: entries }
  return `${JSON.stringify(whole, null, 2)}\n`
}

export type ReadContent =
  | { readonly kind: 'content'; readonly content: TransferContent; readonly refused: readonly RefusedSecret[] }
  | { readonly kind: 'problem'; readonly problem: TransferProblem }

/**
 * What a file that was decrypted says. Secrets that may not be kept are refused one by one; the others are the content.
 * @param maxValueBytes the most bytes (UTF-8) of a value that this computer's keychain keeps
 */
export function readContent(text: string, maxValueBytes: number): ReadContent {
  const whole = parsed(text)
  const { baton, format, from, time, secrets } = whole ?? {}
  if (baton !== 'secrets' || typeof format !== 'number') return problem('not-secrets')
  if (format > contentFormat) return problem('newer-format', { format: String(format) })
  if (!Array.isArray(secrets)) return problem('not-secrets')
  const handedOver = timeOf(time) ?? 0
  const read: TransferredSecret[] = []
  const refused: RefusedSecret[] = []
  for (const entry of secrets) {
    const secret = secretOf(entry, handedOver)
    if (secret === undefined) return problem('not-secrets')
    const code = refusalOf(secret, read, maxValueBytes)
    if (code === undefined) read.push(secret)
    else refused.push({ name: secret.name, code })
  }
  const content = { from: personOf(from), time: handedOver, secrets: read }
  return { kind: 'content', content, refused }
}

function refusalOf(
  { name, value }: TransferredSecret,
  before: readonly TransferredSecret[],
  maxValueBytes: number,
): RefusalCode | undefined {
  if (!isVariableName(name)) return 'name-foreign'
  if (isReservedName(name)) return 'name-reserved'
  if (before.some((secret) => secret.name === name)) return 'name-twice'
  if (new TextEncoder().encode(value).length > maxValueBytes) return 'secret-too-long'
  return checkSecretValue(value)
}

type Fields = Readonly<Record<string, unknown>>

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parsed(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isFields(value) ? value : undefined
  } catch {
    // What the parser says of it would quote it.
    return undefined
  }
}

/** That a value was set after it was handed over cannot be: such a time is not believed. */
function secretOf(entry: unknown, handedOver: number): TransferredSecret | undefined {
  if (!isFields(entry)) return undefined
  const { name, value, label, setAt } = entry
  if (typeof name !== 'string' || typeof value !== 'string') return undefined
  const time = timeOf(setAt)
  return {
    name,
    value,
    ...(typeof label === 'string' && { label }),
    ...(time !== undefined && time <= handedOver && { setAt: time }),
  }
}

function personOf(value: unknown): TransferContent['from'] {
  if (!isFields(value) || typeof value.name !== 'string') return { name: '' }
  return { name: value.name, ...(typeof value.email === 'string' && { email: value.email }) }
}

function timeOf(value: unknown): number | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(time) ? undefined : time
}

function problem(code: TransferProblem['code'], values: TransferProblem['values'] = {}): ReadContent {
  return { kind: 'problem', problem: { code, values } }
}
