import { parseDuration } from './duration.ts'
import { isReservedName } from './reserved-names.ts'
import type { StepAttributes } from './runbook.ts'
import { similarKey } from './similar-key.ts'

/** What the info string of a fence says. */
export interface FenceInfo {
  /** First word, lower case; empty when there is none. */
  readonly language: string
  readonly attributes: StepAttributes
  readonly problems: readonly AttributeProblem[]
}

export interface AttributeProblem {
  readonly code:
    | 'attribute-invalid-syntax'
    | 'attribute-unknown'
    | 'attribute-invalid-value'
    | 'attribute-duplicate'
    | 'parameter-reserved-name'
    | 'attribute-lonely'
  readonly values: Readonly<Record<string, string>>
}

/** Names that Runme gives a meaning which Baton has no use for: read without a word. */
const runmeOnly = new Set([
  'id',
  'category',
  'tag',
  'mimeType',
  'terminalRows',
  'closeTerminalOnSuccess',
  'openTerminalOnError',
  'terminateBackgroundTask',
  'interpreter',
  'ignore',
  'sessionStrategy',
  'runme.dev/id',
])

/**
 * Reads an info string in both of Runme's forms, `sh {name=x cwd=".."}` and `sh {"name":"x"}`, with or without the space.
 * Source: Runme's documentation of cell configuration.
 */
export function parseFenceInfo(info: string): FenceInfo {
  const match = /^\s*([^\s{]*)\s*(\{.*)?/s.exec(info)
  const language = (match?.[1] ?? '').toLowerCase()
  const braces = match?.[2]?.trim()
  if (braces === undefined) return { language, attributes: { unknown: {} }, problems: [] }
  const { pairs, problems } = readPairs(braces)
  const typed = typeAttributes(pairs)
  return { language, attributes: typed.attributes, problems: [...problems, ...typed.problems] }
}

type Pair = readonly [key: string, value: string]

function readPairs(braces: string): {
  readonly pairs: readonly Pair[]
  readonly problems: readonly AttributeProblem[]
} {
  const json = readJson(braces)
  if (json !== undefined) return { pairs: json, problems: [] }
  const end = braces.lastIndexOf('}')
  const inner = end < 0 ? braces.slice(1) : braces.slice(1, end)
  const pairs: Pair[] = []
  const problems: AttributeProblem[] = []
  if (end < 0) problems.push({ code: 'attribute-invalid-syntax', values: { text: braces } })
  const token = /\s*(?:,\s*)?(?:([^\s=,"']+)\s*=\s*("(?:[^"\\]|\\.)*"|'[^']*'|(?!["'])[^\s]*)|(\S+))/gy
  for (const [, key, value, bare] of inner.matchAll(token)) {
    if (key !== undefined && value !== undefined) pairs.push([key, unquote(value)])
    else if (bare !== undefined && /^[\p{L}][\p{L}\p{N}-]*,?$/u.test(bare)) pairs.push([bare.replace(/,$/, ''), 'true'])
    // Pandoc writes classes and identifiers into the same braces.
    else if (bare !== undefined && !/^[.#]/.test(bare))
      problems.push({ code: 'attribute-invalid-syntax', values: { text: bare } })
  }
  return { pairs, problems }
}

function readJson(braces: string): readonly Pair[] | undefined {
  if (!/^\{\s*("|\})/.test(braces)) return undefined
  try {
    const parsed: unknown = JSON.parse(braces)
    if (typeof parsed !== 'object' || parsed === null) return undefined
    return Object.entries(parsed).map(([key, value]) => [key, textOfJson(value)])
  } catch {
    return undefined
  }
}

/** As the other form would have it: `["A","B"]` is `A,B` there. */
function textOfJson(value: unknown): string {
  if (typeof value === 'string') return value
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
    ? value.join(',')
    : JSON.stringify(value)
}

function unquote(value: string): string {
  if (value.startsWith('"') && value.endsWith('"') && value.length > 1)
    return value.slice(1, -1).replace(/\\(.)/g, '$1')
  if (value.startsWith("'") && value.endsWith("'") && value.length > 1) return value.slice(1, -1)
  return value.replace(/,$/, '')
}

type Mutable = { -readonly [Key in keyof StepAttributes]: StepAttributes[Key] }
/** Puts a value where it belongs; gives what would have been right when it does not fit. */
type Reader = (attributes: Mutable, value: string) => string | undefined

function text(
  key: 'name' | 'shell' | 'cwd' | 'capture' | 'check' | 'undo' | 'target' | 'encoding' | 'promptEnv',
): Reader {
  return (attributes, value) => {
    if (value === '') return 'text'
    attributes[key] = value
    return undefined
  }
}

function flag(key: 'sensitive' | 'confirm' | 'interactive' | 'background' | 'skip' | 'excludeFromRunAll'): Reader {
  return (attributes, value) => {
    if (!/^(true|false|yes|no|1|0)$/i.test(value)) return 'true, false'
    attributes[key] = /^(true|yes|1)$/i.test(value)
    return undefined
  }
}

const readers: Readonly<Record<string, Reader>> = {
  name: text('name'),
  shell: text('shell'),
  cwd: text('cwd'),
  check: text('check'),
  undo: text('undo'),
  target: text('target'),
  encoding: text('encoding'),
  promptEnv: text('promptEnv'),
  confirm: flag('confirm'),
  sensitive: flag('sensitive'),
  interactive: flag('interactive'),
  background: flag('background'),
  skip: flag('skip'),
  excludeFromRunAll: flag('excludeFromRunAll'),
  capture(attributes, value) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(value)) return 'NAME'
    attributes.capture = value
    return undefined
  },
  timeout(attributes, value) {
    const duration = parseDuration(value)
    if (duration === undefined || duration <= 0) return '30s, 2m, 1h'
    attributes.timeout = duration
    return undefined
  },
  retries(attributes, value) {
    if (!/^\d{1,3}$/.test(value)) return '0, 1, 2, …'
    attributes.retries = Number(value)
    return undefined
  },
  errors(attributes, value) {
    if (value !== 'stop' && value !== 'continue') return 'stop, continue'
    attributes.errors = value
    return undefined
  },
  'on-failure'(attributes, value) {
    if (value === 'stop' || value === 'continue') attributes.onFailure = value
    else if (value.startsWith('#') && value.length > 1) attributes.onFailure = `#${value.slice(1)}`
    else return 'stop, continue, #heading'
    return undefined
  },
  secrets(attributes, value) {
    const names = value.split(',').map((name) => name.trim())
    if (names.some((name) => !/^[A-Z][A-Z0-9_]*$/.test(name))) return 'NAME, NAME'
    attributes.secrets = names
    return undefined
  },
}

function typeAttributes(pairs: readonly Pair[]): Pick<FenceInfo, 'attributes' | 'problems'> {
  const unknown: Record<string, string> = {}
  const attributes: Mutable = { unknown }
  const problems: AttributeProblem[] = []
  const seen = new Set<string>()
  for (const [key, value] of pairs) {
    if (seen.has(key)) problems.push({ code: 'attribute-duplicate', values: { key } })
    seen.add(key)
    const reader = Object.hasOwn(readers, key) ? readers[key] : undefined
    if (reader === undefined) {
      unknown[key] = value
      const meant = similarKey(key, Object.keys(readers))
      if (!runmeOnly.has(key)) {
        problems.push({ code: 'attribute-unknown', values: { key, ...(meant === undefined ? {} : { meant }) } })
      }
      continue
    }
    if (key === 'capture' && isReservedName(value)) {
      problems.push({ code: 'parameter-reserved-name', values: { key, name: value } })
      continue
    }
    const expected = reader(attributes, value)
    if (expected !== undefined) problems.push({ code: 'attribute-invalid-value', values: { key, value, expected } })
  }
  // Its author means something to be hidden: without the other one nothing would be.
  if (attributes.sensitive && !seen.has('capture')) {
    problems.push({ code: 'attribute-lonely', values: { key: 'sensitive', other: 'capture' } })
  }
  return { attributes, problems }
}
