import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml'
import { parseDuration } from './duration.ts'
import type { ParameterDeclaration, ParameterType } from './parameter.ts'
import type { Problem, ProblemCode } from './problem.ts'
import { isReservedName, isVariableName } from './reserved-names.ts'
import type { Frontmatter } from './runbook.ts'
import type { SecretDeclaration } from './secret-declaration.ts'
import type { Position, Range } from './source.ts'

export interface FrontmatterReading {
  readonly frontmatter: Frontmatter
  readonly problems: readonly Problem[]
  /** Runme keeps the output of a session in a file with `runme.session.id`. */
  readonly isSessionOutput: boolean
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }
type Fields = Mutable<Omit<Frontmatter, 'parameters' | 'secrets'>>

/** Keys of Runme and of static site generators that mean nothing here and are nobody's mistake. */
const foreignKeys = new Set([
  'runme',
  'skipPrompts',
  'terminalRows',
  'tag',
  'tags',
  'category',
  'categories',
  'description',
  'layout',
  'date',
  'author',
  'authors',
  'weight',
  'sidebar_position',
  'sidebar_label',
  'slug',
  'id',
  'aliases',
  'draft',
  'version',
  'ms.date',
  'ms.author',
  'ms.topic',
  'ms.custom',
  'ms.service',
  'language',
  'lang',
  'keywords',
  'summary',
])

const schedules = ['daily', 'weekly', 'monthly', 'quarterly', 'yearly', 'on-demand']

const parameterTypes: readonly ParameterType[] = [
  'text',
  'number',
  'integer',
  'boolean',
  'choice',
  'date',
  'email',
  'path',
  'list',
]

/**
 * Reads the YAML between the two `---` of a frontmatter. One mistake costs one key, never the rest.
 * @param yaml the lines between the fences
 * @param block the whole block; `yaml` begins on the line after its start
 * @param baseOffset where `yaml` begins in the file
 */
export function readFrontmatter(yaml: string, block: Range, baseOffset: number): FrontmatterReading {
  const lineCounter = new LineCounter()
  const document = parseDocument(yaml, { lineCounter, prettyErrors: false, logLevel: 'silent', strict: true })
  const problems: Problem[] = []
  const base = block.start.line + 1

  const position = (offset: number): Position => {
    const { line, col } = lineCounter.linePos(Math.min(offset, yaml.length))
    return { line: base + Math.max(0, line - 1), character: Math.max(0, col - 1), offset: baseOffset + offset }
  }
  const rangeOf = (node: unknown): Range => {
    const range = isNode(node) ? node.range : undefined
    return range ? { start: position(range[0]), end: position(range[1]) } : block
  }
  const report = (code: ProblemCode, range: Range, values: Record<string, string>, severity: Problem['severity']) =>
    problems.push({ code, severity, range, values })

  for (const error of document.errors) {
    const [start, end] = error.pos
    const range = { start: position(start), end: position(Math.max(end, start)) }
    report('frontmatter-invalid-yaml', range, { detail: error.message.split('\n')[0] ?? '' }, 'error')
  }
  const fields: Fields = { range: block }
  let parameters: readonly ParameterDeclaration[] = []
  let secrets: readonly SecretDeclaration[] = []
  const root = document.contents
  if (root === null) return { frontmatter: { ...fields, parameters, secrets }, problems, isSessionOutput: false }
  if (!isMap(root)) {
    if (document.errors.length === 0) report('frontmatter-not-a-mapping', rangeOf(root), {}, 'error')
    return { frontmatter: { ...fields, parameters, secrets }, problems, isSessionOutput: false }
  }

  for (const pair of root.items) readField(pair)

  function readField(pair: Pair): void {
    const key = String(isScalar(pair.key) ? pair.key.value : pair.key)
    const value = pair.value
    switch (key) {
      case 'parameters':
        parameters = readParameters(value)
        return
      case 'secrets':
        secrets = readSecrets(value)
        return
      default:
        if (!Object.hasOwn(fieldReaders, key)) {
          if (!foreignKeys.has(key)) report('frontmatter-unknown-key', rangeOf(pair.key), { key }, 'information')
          return
        }
        readScalar(key, pair)
    }
  }

  function readScalar(key: string, pair: Pair): void {
    const value = pair.value
    if (!isScalar(value)) {
      if (value !== null) report('frontmatter-wrong-type', rangeOf(value), { key, expected: 'text' }, 'error')
      return
    }
    if (value.value === null || value.value === '') return
    const expected = fieldReaders[key]?.(fields, textOfScalar(value.source, value.value))
    if (expected !== undefined) {
      report('frontmatter-invalid-value', rangeOf(value), { key, value: String(value.value), expected }, 'error')
    }
  }

  function readSecrets(node: unknown): readonly SecretDeclaration[] {
    const found = new Map<string, SecretDeclaration>()
    for (const item of itemsOf(node, 'secrets')) {
      const map = isMap(item) ? item : undefined
      const name = isScalar(item) ? String(item.value) : (scalarText(map, 'name') ?? '')
      const range = rangeOf(map?.get('name', true) ?? item)
      if (!isVariableName(name)) report('secret-invalid-name', range, { name }, 'error')
      else if (isReservedName(name)) report('parameter-reserved-name', range, { name }, 'error')
      else if (found.has(name)) report('secret-duplicate', range, { name }, 'error')
      else {
        const rotate = scalarText(map, 'rotate-every')
        const rotateEvery = rotate === undefined ? undefined : parseDuration(rotate)
        if (rotate !== undefined && rotateEvery === undefined) {
          const place = rangeOf(map?.get('rotate-every', true))
          report('frontmatter-invalid-value', place, { key: 'rotate-every', value: rotate, expected: '90d' }, 'error')
        }
        found.set(name, {
          name,
          range,
          ...defined({ label: scalarText(map, 'label'), owner: scalarText(map, 'owner'), rotateEvery }),
        })
      }
    }
    return [...found.values()]
  }

  function readParameters(node: unknown): readonly ParameterDeclaration[] {
    const found = new Map<string, ParameterDeclaration>()
    for (const item of itemsOf(node, 'parameters')) {
      const map = isMap(item) ? item : undefined
      const name = isScalar(item) ? String(item.value) : (scalarText(map, 'name') ?? '')
      const range = rangeOf(map?.get('name', true) ?? item)
      if (!isVariableName(name)) report('parameter-invalid-name', range, { name }, 'error')
      else if (isReservedName(name)) report('parameter-reserved-name', range, { name }, 'error')
      else if (found.has(name)) report('parameter-duplicate', range, { name }, 'error')
      else found.set(name, readParameter(name, map, range))
    }
    return [...found.values()]
  }

  function readParameter(name: string, map: YAMLMap | undefined, range: Range): ParameterDeclaration {
    const choices = stringsOf(map?.get('choices'))
    const written = scalarText(map, 'type') ?? (choices === undefined ? 'text' : 'choice')
    const type = parameterTypes.find((known) => known === written)
    const place = (key: string) => rangeOf(map?.get(key, true))
    const wrong = (key: string, value: string, expected: string) =>
      report('frontmatter-invalid-value', place(key), { key, value, expected }, 'error')
    if (type === undefined) wrong('type', written, parameterTypes.join(', '))
    if (type === 'choice' && !choices?.length) report('parameter-choices-missing', range, { name }, 'error')
    const pattern = scalarText(map, 'pattern')
    const patternWorks = pattern === undefined || isPattern(pattern)
    if (!patternWorks) report('parameter-invalid-pattern', place('pattern'), { name, pattern }, 'error')
    const number = (key: 'min' | 'max') => {
      const value = scalarText(map, key)
      if (value === undefined) return undefined
      if (Number.isFinite(Number(value))) return Number(value)
      wrong(key, value, '1, 2, 3')
      return undefined
    }
    const truth = (key: 'required' | 'sensitive') => {
      const value = scalarText(map, key)
      if (value === undefined || value === 'true' || value === 'false')
        return value === undefined ? undefined : value === 'true'
      wrong(key, value, 'true, false')
      return undefined
    }
    return {
      name,
      type: type === 'choice' && !choices?.length ? 'text' : (type ?? 'text'),
      required: truth('required') ?? true,
      range,
      ...defined({
        label: scalarText(map, 'label'),
        description: scalarText(map, 'description'),
        hint: scalarText(map, 'hint'),
        pattern: patternWorks ? pattern : undefined,
        min: number('min'),
        max: number('max'),
        default: scalarText(map, 'default'),
        choices,
        sensitive: truth('sensitive'),
      }),
    }
  }

  function itemsOf(node: unknown, key: string): readonly unknown[] {
    if (node === null || (isScalar(node) && node.value === null)) return []
    if (isSeq(node)) return node.items
    report('frontmatter-wrong-type', rangeOf(node), { key, expected: 'list' }, 'error')
    return []
  }

  const runme = root.get('runme')
  const session = isMap(runme) ? runme.get('session') : undefined
  const isSessionOutput = isMap(session) && session.has('id')
  return { frontmatter: { ...fields, parameters, secrets }, problems, isSessionOutput }
}

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
    if (day === undefined || Number.isNaN(Date.parse(day))) return '2026-09-01'
    fields.reviewed = day
    return undefined
  },
}

/** A scalar as it is written: `10` stays "10" and `1.10` stays "1.10". */
function textOfScalar(source: string | undefined, value: unknown): string {
  return typeof value === 'string' ? value : (source ?? String(value))
}

function scalarText(map: YAMLMap | undefined, key: string): string | undefined {
  const node = map?.get(key, true)
  if (!isScalar(node) || node.value === null) return undefined
  return textOfScalar(node.source, node.value)
}

function stringsOf(node: unknown): readonly string[] | undefined {
  if (!isSeq(node)) return undefined
  return node.items.flatMap((item) => (isScalar(item) ? [textOfScalar(item.source, item.value)] : []))
}

function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u')
    return true
  } catch {
    return false
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'range' in value
}

/** Leaves out what is undefined, so that plain data stays equal after JSON. */
function defined<T extends object>(fields: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>
  }
}
