import type { CredentialHit } from './hit.ts'
import type { CredentialRule } from './rule.ts'
import { credentialRules } from './rules.ts'
import { secretNameFrom } from './secret-name.ts'
import { tableHits } from './table.ts'
import type { LineContext, TextLine } from './text-lines.ts'

/** What every line with a credential of our rules has: most lines are passed over at once. */
const trigger =
  /pass|pwd|\bpw\b|secret|token|key|psk|:\/\/|\bnet1?(?:\.exe)?\s|\s-[pPuUwas]|--(?:proxy-)?user\b|\s\/(?:rp\s|p[do]?:)|kinit|cryptsetup|NetworkCredential|sig=|Q~|eyJ|authoriz|PIN\b|パス|暗証|ＰＷ|合言葉|トークン|シークレット|キー|PRIVATE/i

/** What our own rules find in lines that follow one another. */
export function ownHits(text: string, lines: readonly TextLine[]): readonly CredentialHit[] {
  const hits: CredentialHit[] = []
  for (let at = 0; at < lines.length; at++) {
    const first = lines[at]
    if (first === undefined) break
    // A command that goes on in the next line is read as one.
    let last = at
    while (first.context.kind === 'code' && last - at < 20 && continues(lines[last]) && lines[last + 1] !== undefined)
      last += 1
    at = last
    const end = lines[last] ?? first
    const whole = text.slice(first.start, end.start + end.text.length)
    if (trigger.test(whole)) hits.push(...hitsOfRules(whole, first), ...privateKeyAt(text, whole, first.start))
  }
  return [...hits, ...tableHits(lines)]
}

function continues(line: TextLine | undefined): boolean {
  if (line?.context.kind !== 'code') return false
  const marks: Readonly<Record<string, RegExp>> = { pwsh: /`$/, powershell: /`$/, cmd: /\^$/ }
  return (marks[line.context.shell] ?? /\\$/).test(line.text)
}

/** A line longer than this is no line that somebody wrote: it is read in pieces. */
const pieceLength = 8192
const overlap = 512

function* pieces(whole: string): Generator<readonly [string, number]> {
  if (whole.length <= pieceLength) return yield [whole, 0]
  for (let at = 0; at < whole.length; at += pieceLength - overlap) yield [whole.slice(at, at + pieceLength), at]
}

function hitsOfRules(whole: string, { start, context }: TextLine): readonly CredentialHit[] {
  const hits: CredentialHit[] = []
  for (const [piece, offset] of pieces(whole)) {
    for (const rule of credentialRules) {
      for (const match of piece.matchAll(withIndices(rule))) {
        const hit = hitOf(rule, match, piece, context)
        if (hit !== undefined) hits.push(shifted(hit, start + offset))
      }
    }
  }
  return hits
}

const indexed = new Map<CredentialRule, RegExp>()

function withIndices(rule: CredentialRule): RegExp {
  const known = indexed.get(rule) ?? new RegExp(rule.pattern.source, `${rule.pattern.flags}d`)
  indexed.set(rule, known)
  return known
}

const valueGroups = ['value', 'dq', 'sq', 'bt', 'esc', 'bare'] as const

function hitOf(
  rule: CredentialRule,
  match: RegExpExecArray,
  piece: string,
  written: LineContext,
): CredentialHit | undefined {
  const { groups = {}, index } = match
  // A comment is read as what it is: a sentence.
  const isComment = written.kind === 'code' && /(?:^|\s)(?:#|\/\/|::|rem\s)/im.test(piece.slice(0, index))
  const context: LineContext = isComment ? { kind: 'prose' } : written
  const group = valueGroups.find((name) => groups[name] !== undefined)
  const place = group && match.indices?.groups?.[group]
  if (group === undefined || place === undefined) return undefined
  const [from] = place
  let [, to] = place
  // What ends a sentence, and stars that make it bold, belong to no value.
  if (group === 'bare' || group === 'value') {
    const ending = context.kind === 'prose' ? /[.,:*_)」]+$/ : /,$/
    to -= ending.exec(piece.slice(from, to))?.[0].length ?? 0
  }
  const value = piece.slice(from, to)
  const next = piece[to] ?? ''
  if (group === 'bare' && /[([]/.test(next)) return undefined // a call
  if (group === 'bt' && context.kind === 'code') return undefined // a command
  const quote = group === 'dq' ? '"' : group === 'sq' ? "'" : undefined
  // Of `"Password: " + x` the second quote ends a string.
  const isOpening = quote !== undefined && piece[from - 1] === quote && context.kind !== 'prose'
  if (isOpening && countOf(piece.slice(0, from - 1), quote) % 2 === 1) return undefined

  const keyPlace = match.indices?.groups?.key
  const before = keyPlace === undefined ? '' : (/[\w.-]{0,40}$/.exec(piece.slice(0, keyPlace[0]))?.[0] ?? '')
  const key = `${before}${groups.key ?? ''}`
  const quotes = context.kind === 'code' && context.shell === 'node' ? ['"', "'", '`'] : ['"', "'"]
  const isInString = quotes.some((one) => countOf(piece.slice(0, index), one) % 2 === 1)
  const isQuoted = group === 'dq' || group === 'sq' || group === 'bt' || group === 'esc'
  const found = { value, key, separator: groups.separator ?? '', isQuoted, isInString, context, line: piece }
  if (!rule.accepts(found)) return undefined
  // A word that goes on with a quote or a variable is put together of parts, unless the quote ends a string around it.
  const goesOn = /[\\`$]/.test(next) || (/["']/.test(next) && !piece.slice(0, index).includes(next))
  const isWhole = group !== 'bare' || isInString || !goesOn || context.kind === 'prose'
  return {
    rule: rule.code,
    kind: rule.kind,
    name: secretNameFrom(key, rule.name),
    // Of a command that goes over several lines, the line of the value alone is tainted.
    start: Math.max(Math.min(index, from), piece.lastIndexOf('\n', from) + 1),
    end: to,
    ...(isWhole ? { value: { start: from, end: to } } : {}),
  }
}

function countOf(text: string, quote: string): number {
  let count = 0
  for (let at = text.indexOf(quote); at !== -1; at = text.indexOf(quote, at + 1)) if (text[at - 1] !== '\\') count += 1
  return count
}

function shifted(hit: CredentialHit, by: number): CredentialHit {
  const { value } = hit
  return {
    ...hit,
    start: hit.start + by,
    end: hit.end + by,
    ...(value === undefined ? {} : { value: { start: value.start + by, end: value.end + by } }),
  }
}

/** A private key: its first line, and what goes on from there as long as it is base64. */
function privateKeyAt(text: string, whole: string, start: number): readonly CredentialHit[] {
  return [...whole.matchAll(/-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----/g)].flatMap((match) => {
    const from = start + match.index
    const body = text.slice(from + match[0].length, from + 20_000)
    const key =
      /^(?:\s|\\[nr]|(?:Proc-Type|DEK-Info|Version|Comment):[^\r\n]{0,200}|[ \t>"',+]){0,40}[A-Za-z0-9+/=]{20,}/.exec(
        body,
      )
    if (key === null) return []
    const end = /-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----/.exec(body)
    const length = end === null ? key[0].length : end.index + end[0].length
    return [
      {
        rule: 'private-key',
        kind: 'private-key',
        name: 'PRIVATE_KEY',
        start: from,
        end: from + match[0].length + length,
      },
    ]
  })
}
