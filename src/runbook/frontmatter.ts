import { isMap, isScalar, type Pair, parseDocument, type YAMLError } from 'yaml'
import { parseDuration } from './duration.ts'
import { fullWidthProblem } from './full-width.ts'
import { readParameters } from './parameter-declarations.ts'
import type { Problem } from './problem.ts'
import type { Frontmatter } from './runbook.ts'
import { readSecrets } from './secret-declarations.ts'
import { createPositions, type Range } from './source.ts'
import { createYamlReport, textOf } from './yaml-nodes.ts'

export interface FrontmatterReading {
  readonly frontmatter: Frontmatter
  readonly problems: readonly Problem[]
  /** Runme keeps the output of a session in a file with `runme.session.id`. */
  readonly isSessionOutput: boolean
}

type Fields = { -readonly [Key in keyof Omit<Frontmatter, 'parameters' | 'secrets'>]: Frontmatter[Key] }

/** Keys of Runme, of executable documents and of static site generators: they mean nothing here and are nobody's mistake. */
const foreignKeys = new Set(
  `runme skipPrompts terminalRows tag tags category categories description layout date author authors weight menu type
  sidebar_position sidebar_label slug id aliases draft version language lang keywords summary
  ms.date ms.author ms.topic ms.custom ms.service ms.subservice ms.reviewer ms.collection`.split(/\s+/),
)

const schedules = ['daily', 'weekly', 'monthly', 'quarterly', 'yearly', 'on-demand']

/**
 * Reads the YAML between the two `---` of a frontmatter. One mistake costs one key, never the rest.
 * @param yaml the lines between the fences
 * @param block the whole block; `yaml` begins on the line after its start
 * @param baseOffset where `yaml` begins in the file
 */
export function readFrontmatter(yaml: string, block: Range, baseOffset: number): FrontmatterReading {
  // Its own search for repeated keys compares each with all.
  const document = parseDocument(yaml, { prettyErrors: false, logLevel: 'silent', uniqueKeys: false })
  const position = createPositions(yaml, { line: block.start.line + 1, character: 0, offset: baseOffset })
  const report = createYamlReport(position, block)
  const root = document.contents
  const pairs = isMap(root) ? root.items : []
  const isNoMapping = root !== null && !isMap(root)
  const isMistyped = (key: unknown) => /[\n：\u3000]/u.test(textOf(key) ?? '')
  const isUnread = document.errors.length > 0 || isNoMapping || pairs.some(({ key }) => isMistyped(key))
  const typed = isUnread ? fullWidthProblem(yaml, position) : undefined
  const syntax = typed === undefined ? document.errors.map(syntaxError) : [typed]
  if (isNoMapping && syntax.length === 0) report.add('frontmatter-not-a-mapping', root, {})

  function syntaxError({ pos: [start, end], message, code }: YAMLError): Problem {
    const range = { start: position(start), end: position(Math.max(start, end)) }
    const values = { detail: firstLine(message), reason: code }
    return { code: 'frontmatter-invalid-yaml', severity: 'error', range, values }
  }

  const fields: Fields = { range: block }
  const seen = new Set<string>()
  for (const pair of pairs) readField(pair)

  function readField({ key: keyNode, value }: Pair): void {
    const key = textOf(keyNode) ?? String(keyNode)
    if (seen.has(key)) report.add('frontmatter-duplicate-key', keyNode, { key })
    seen.add(key)
    if (key === 'parameters' || key === 'secrets') return
    const reader = Object.hasOwn(fieldReaders, key) ? fieldReaders[key] : undefined
    if (reader === undefined) {
      // A line that was typed in full width is no key, and its problem is known.
      const isKnown = foreignKeys.has(key) || (typed !== undefined && isMistyped(keyNode))
      if (!isKnown) report.unknownKey(keyNode, key, knownKeys)
    } else if (value !== null && !isScalar(value)) {
      report.add('frontmatter-wrong-type', value, { key, expected: 'text' })
    } else {
      const text = textOf(value) ?? ''
      const expected = text === '' ? undefined : reader(fields, text)
      if (expected !== undefined) report.add('frontmatter-invalid-value', value, { key, value: text, expected })
    }
  }

  const valueUnder = (key: string) => pairs.find((pair) => textOf(pair.key) === key)?.value ?? null
  const parameters = readParameters(valueUnder('parameters'), report)
  const secrets = readSecrets(valueUnder('secrets'), report)
  const session = isMap(root) ? root.getIn(['runme', 'session', 'id']) : undefined
  return {
    frontmatter: { ...fields, parameters, secrets },
    problems: [...syntax, ...report.problems],
    isSessionOutput: session !== undefined && session !== null,
  }
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? ''
}

/** Puts a value where it belongs; gives what would have been right when it does not fit. */
type FieldReader = (fields: Fields, text: string) => string | undefined

function oneOf<Key extends 'urgency' | 'importance' | 'audience' | 'errors'>(
  key: Key,
  allowed: readonly NonNullable<Fields[Key]>[],
): FieldReader {
  return (fields, text) => {
    const found = allowed.find((value) => value === text)
    if (found === undefined) return allowed.join(', ')
    fields[key] = found
    return undefined
  }
}

function plain(key: 'title' | 'owner' | 'shell' | 'cwd'): FieldReader {
  return (fields, text) => {
    fields[key] = text
    return undefined
  }
}

function duration(key: 'estimate' | 'byHand' | 'reviewEvery', example: string): FieldReader {
  return (fields, text) => {
    const value = parseDuration(text)
    if (value === undefined) return example
    fields[key] = value
    return undefined
  }
}

const fieldReaders: Readonly<Record<string, FieldReader>> = {
  title: plain('title'),
  owner: plain('owner'),
  shell: plain('shell'),
  cwd: plain('cwd'),
  estimate: duration('estimate', '10m'),
  'by-hand': duration('byHand', '45m'),
  'review-every': duration('reviewEvery', '180d'),
  urgency: oneOf('urgency', ['high', 'low']),
  importance: oneOf('importance', ['high', 'low']),
  audience: oneOf('audience', ['admin', 'anyone']),
  errors: oneOf('errors', ['stop', 'continue']),
  schedule(fields, text) {
    if (!schedules.includes(text) && !/^(RRULE:)?FREQ=[A-Z]+(;[A-Z]+=[^;]+)*$/.test(text)) {
      return `${schedules.join(', ')}, FREQ=…`
    }
    fields.schedule = text
    return undefined
  },
  reviewed(fields, text) {
    const day = /^\d{4}-\d{2}-\d{2}/.exec(text)?.[0]
    if (day === undefined || !isDay(day)) return '2026-09-01'
    fields.reviewed = day
    return undefined
  },
}

const knownKeys = [...Object.keys(fieldReaders), 'parameters', 'secrets']

/** Whether a day is in the calendar: the 31st of February is written in the right form, too. */
function isDay(day: string): boolean {
  const time = Date.parse(day)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day)
}
