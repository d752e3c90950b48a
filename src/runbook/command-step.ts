import type { FenceFact } from './facts.ts'
import type { AttributeProblem, FenceInfo } from './fence-attributes.ts'
import { interpreterOf } from './interpreter-line.ts'
import { canonicalShell, isTranscript, shellOf } from './languages.ts'
import type { Problem } from './problem.ts'
import type { CommandStep } from './runbook.ts'
import type { Range } from './source.ts'
import { stripPrompts } from './transcript.ts'

/** What a fence alone says about its step: everything but the name and the place among the others. */
export type CommandPart = Omit<CommandStep, 'id' | 'title' | 'named' | 'procedureId' | 'kind'>

/** The command in a fence; undefined when it is a text that does not run. */
export function readCommand(
  fence: FenceFact,
  info: FenceInfo,
  shellOfFile: string | undefined,
): CommandPart | undefined {
  const { language, attributes } = info
  const ofLanguage = shellOf(language, shellOfFile)
  // A first line that names an interpreter makes no step of a text that does not run.
  const named = ofLanguage === undefined ? undefined : interpreterOf(fence.text)
  const interpreter = attributes.shell ?? attributes.unknown.interpreter ?? named
  const shell = interpreter === undefined ? ofLanguage : canonicalShell(interpreter)
  if (shell === undefined || attributes.unknown.ignore === 'true') return undefined
  const hasPrompts = ['bash', 'sh', 'zsh'].includes(shell) || isTranscript(language)
  const text = hasPrompts ? stripPrompts(fence.text, isTranscript(language)) : fence.text
  return { language, shell, text, textLine: fence.textLine, attributes, range: fence.range }
}

/** What is wrong in the first line of a step's fence, and a fence that never ends. */
export function problemsOf(fence: FenceFact, info: FenceInfo): readonly Problem[] {
  const problems: Problem[] = info.problems.map((problem) => ({
    code: problem.code,
    severity: severityOf(problem),
    range: placeOf(fence, problem),
    values: problem.values,
  }))
  if (fence.isClosed) return problems
  const range = firstLine(fence, 0, fence.infoCharacter - fence.range.start.character + fence.info.length)
  return [...problems, { code: 'fence-unclosed', severity: 'warning', range, values: { fence: fence.marker } }]
}

/** An attribute that could not be read may have asked for a confirmation or set a limit: its step is not run without. */
function severityOf({ code, values }: AttributeProblem): Problem['severity'] {
  switch (code) {
    case 'attribute-unknown':
      return values.meant === undefined ? 'information' : 'warning'
    case 'attribute-invalid-value':
    case 'attribute-lonely':
    case 'parameter-reserved-name':
      return 'error'
    case 'attribute-invalid-syntax':
    case 'attribute-duplicate':
      return 'warning'
  }
}

/** Where an attribute stands: its key, else all braces. */
export function placeOf(fence: FenceFact, { values }: Pick<AttributeProblem, 'values'>): Range {
  const braces = Math.max(0, fence.info.indexOf('{'))
  const wanted = values.key ?? values.text ?? ''
  const found = values.key === undefined ? -1 : fence.info.indexOf(wanted, braces)
  const from = found < 0 ? braces : found
  const to = found < 0 ? fence.info.length : found + wanted.length
  const lead = fence.infoCharacter - fence.range.start.character
  return firstLine(fence, lead + from, lead + to)
}

function firstLine({ range: { start } }: FenceFact, from: number, to: number): Range {
  const at = (delta: number) => ({ ...start, character: start.character + delta, offset: start.offset + delta })
  return { start: at(from), end: at(to) }
}

/** Lines that do nothing that a person looks for: comments, and what scripts begin with. */
const preamble = /^(#|\/\/|::|rem\b|@echo off|set -)/i

/** What a person sees of a command that has no name: its first line that does something, at most 80 characters. */
export function titleOfCommand(text: string): string | undefined {
  let first: string | undefined
  for (const [line] of text.slice(0, 4000).matchAll(/[^\n]*\S[^\n]*/g)) {
    const trimmed = line.trim()
    first ??= trimmed
    if (preamble.test(trimmed)) continue
    first = trimmed
    break
  }
  if (first === undefined || first.length <= 80) return first
  const characters = [...first]
  return characters.length <= 80 ? first : `${characters.slice(0, 79).join('')}…`
}
