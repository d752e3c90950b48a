import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'

/** One line of the protocol of host.ps1: a word, then the base64 of each field. */
export const encodeMessage = (word: string, fields: readonly string[]): string =>
  `${[word, ...fields.map((field) => Buffer.from(field).toString('base64'))].join(' ')}\n`

/** The names and values of `entries` after their count. */
export const counted = (entries: Readonly<Record<string, string>>): readonly string[] => {
  const list = Object.entries(entries)
  return [String(list.length), ...list.flat()]
}

/** Calls back with the fields of each message, the word first. */
export const readMessages = (socket: Socket, onMessage: (fields: readonly string[]) => void): void => {
  const lines = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY })
  lines.on('line', (line) => {
    const [word = '', ...fields] = line.split(' ')
    onMessage([word, ...fields.map((field) => Buffer.from(field, 'base64').toString())])
  })
  // A far end that was killed resets its connection; that its process is gone is seen elsewhere.
  lines.on('error', () => {})
  socket.on('error', () => {})
}

/** What the host answers to a step. */
export interface Answer {
  readonly how: string
  readonly code: number
  readonly cwd: string
  readonly set: Readonly<Record<string, string>>
  readonly unset: readonly string[]
  readonly place: string
  readonly detail: string
}

/** From the fields of a `done` message. */
export const readAnswer = (fields: readonly string[]): Answer => {
  let at = 1
  const next = () => fields[at++] ?? ''
  const [how, code, cwd] = [next(), Number(next()), next()]
  const set = Object.fromEntries(Array.from({ length: Number(next()) }, () => [next(), next()] as const))
  const unset = Array.from({ length: Number(next()) }, next)
  return { how, code, cwd, set, unset, place: next(), detail: next() }
}
