import type { declareSecret, TextEdit } from '../../runbook/declare-secret.ts'
import type { CommandStep, Runbook } from '../../runbook/runbook.ts'
import type { CredentialHit } from './hit.ts'
import { familyOf, quotingAt } from './quoting.ts'
import { linesOfMarkdown } from './text-lines.ts'
import { variableInstead } from './variable.ts'
import { meantValue } from './written-value.ts'

/** A credential that can be moved into the keychain. */
export type Move =
  | {
      readonly kind: 'move'
      /** What is kept: what the script means, without its escapes. */
      readonly value: string
      /** All in the text as it was; they do not overlap. */
      readonly edits: readonly TextEdit[]
    }
  /** The value could not be replaced by a variable there. */
  | { readonly kind: 'impossible' }
  /** The frontmatter has to be mended first: nothing can be declared in it. */
  | { readonly kind: 'frontmatter-unclear' }

/** What reads runbooks: handed in, because whoever moves a credential has it loaded already, and it is large. */
export interface RunbookReader {
  readonly parse: (text: string) => Runbook
  readonly declareSecret: typeof declareSecret
}

/** Whether a hit is at a place from which it can be moved. */
export function canMove(text: string, runbook: Runbook, hit: CredentialHit): boolean {
  return replacement(text, runbook, hit, 'NAME') !== undefined
}

/**
 * Moves a credential: its runbook declares a secret, and what stood there becomes the variable of that name. The outcome is
 * read again before it is given out: it must declare the secret and be wrong nowhere else than before.
 * @param runbook what `text` was parsed to
 * @param name a valid one
 */
export function planMove(
  text: string,
  runbook: Runbook,
  hit: CredentialHit,
  name: string,
  reader: RunbookReader,
): Move {
  const found = replacement(text, runbook, hit, name)
  if (found === undefined) return { kind: 'impossible' }
  const declaration = reader.declareSecret(text, runbook, name)
  if (declaration.kind === 'unclear') return { kind: 'frontmatter-unclear' }
  const edits = [...declaration.edits, ...found.edits].toSorted((a, b) => a.start - b.start)
  const after = reader.parse(applied(text, edits))
  if (!after.frontmatter.secrets.some((secret) => secret.name === name)) return { kind: 'frontmatter-unclear' }
  if (errorsIn(after) > errorsIn(runbook)) return { kind: 'impossible' }
  return { kind: 'move', value: found.value, edits }
}

function errorsIn({ problems }: Runbook): number {
  return problems.filter(({ severity }) => severity === 'error').length
}

/** A text after edits that do not overlap. */
export function applied(text: string, edits: readonly TextEdit[]): string {
  let after = text
  for (const { start, end, text: added } of edits.toSorted((a, b) => b.start - a.start)) {
    after = after.slice(0, start) + added + after.slice(end)
  }
  return after
}

interface Replacement {
  readonly value: string
  readonly edits: readonly TextEdit[]
}

function replacement(text: string, runbook: Runbook, hit: CredentialHit, name: string): Replacement | undefined {
  const { value } = hit
  if (value === undefined || /[\r\n]/.test(text.slice(value.start, value.end))) return undefined
  const lines = linesOfMarkdown(text)
  const index = lines.findLastIndex(({ start }) => start <= value.start)
  const line = lines[index]
  if (line === undefined) return undefined
  const step = runbook.steps.find(
    (one): one is CommandStep =>
      one.kind === 'command' && index >= one.textLine && index < one.textLine + one.text.split('\n').length,
  )
  if (step !== undefined) return inStep(text, lines[step.textLine]?.start ?? 0, step, value, name)
  return line.context.kind === 'prose' && isSpoken(hit) && lines[index]?.context.kind === 'prose'
    ? inProse(text, line.text, value, name)
    : undefined
}

function inStep(
  text: string,
  scriptStart: number,
  step: CommandStep,
  { start, end }: { readonly start: number; readonly end: number },
  name: string,
): Replacement | undefined {
  const family = familyOf(step.shell)
  if (family === undefined) return undefined
  const scriptEnd = text.slice(scriptStart).split('\n').slice(0, step.text.split('\n').length).join('\n').length
  const script = text.slice(scriptStart, scriptStart + scriptEnd)
  const at = start - scriptStart
  const quoting = quotingAt(script, at, family)
  const value = meantValue(text.slice(start, end), quoting, family)
  const edit = variableInstead({ script, start: at, end: end - scriptStart, quoting }, family, name)
  if (value === undefined || edit === undefined) return undefined
  const inFile = { ...edit, start: edit.start + scriptStart, end: edit.end + scriptStart }
  return { value, edits: family === 'python' ? [...importOf(script, scriptStart), inFile] : [inFile] }
}

/** Python has its environment only where `os` is imported. */
function importOf(script: string, scriptStart: number): readonly TextEdit[] {
  if (/^[ \t>]*import\s[^#\n]*\bos\b(?!\.)/m.test(script)) return []
  const lines = script.split('\n')
  const after = lines.findLastIndex((line) => /^[ \t>]*(?:#!|from\s+__future__\b)/.test(line)) + 1
  const at = scriptStart + lines.slice(0, after).join('\n').length + (after > 0 ? 1 : 0)
  const container = /^[ \t>]*/.exec(lines[after] ?? '')?.[0] ?? ''
  return [{ start: at, end: at, text: `${container}import os\n` }]
}

/** Of an address or a table of keys nothing sensible would be left. */
function isSpoken({ kind }: CredentialHit): boolean {
  return kind === 'password' || kind === 'service' || kind === 'client-secret' || kind === 'json-web-token'
}

function inProse(
  text: string,
  line: string,
  { start, end }: { readonly start: number; readonly end: number },
  name: string,
): Replacement | undefined {
  if (/^\s*<!--|^ {4}|^\t/.test(line)) return undefined
  const isCode = text[start - 1] === '`' && text[end] === '`'
  const mark = isCode ? '' : '`'
  return { value: text.slice(start, end), edits: [{ start, end, text: `${mark}${name}${mark}` }] }
}
