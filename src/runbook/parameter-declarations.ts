import type { YAMLMap } from 'yaml'
import type { ParameterDeclaration, ParameterType } from './parameter.ts'
import { validateParameter } from './parameter-value.ts'
import { isReservedName, isVariableName } from './reserved-names.ts'
import { declarationOf, itemsOf, textAt, textsOf, type YamlReport } from './yaml-nodes.ts'

const types: readonly ParameterType[] = [
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

const keys = new Set('name label description type pattern hint min max required default choices sensitive'.split(' '))

/** Reads `parameters:`. One that has no usable name is dropped; of the others, what is wrong is left out. */
export function readParameters(node: unknown, report: YamlReport): readonly ParameterDeclaration[] {
  const found = new Map<string, ParameterDeclaration>()
  for (const item of itemsOf(node, 'parameters', report)) {
    const { name, map, nameNode } = declarationOf(item)
    if (!isVariableName(name)) report.add('parameter-invalid-name', nameNode, { name })
    else if (isReservedName(name)) report.add('parameter-reserved-name', nameNode, { name })
    else if (found.has(name)) report.add('parameter-duplicate', nameNode, { name })
    else found.set(name, readParameter(name, map, nameNode, report))
  }
  return [...found.values()]
}

function readParameter(
  name: string,
  map: YAMLMap | undefined,
  nameNode: unknown,
  report: YamlReport,
): ParameterDeclaration {
  const wrong = (key: string, value: string, expected: string) =>
    report.add('frontmatter-invalid-value', map?.get(key, true), { key, value, expected })

  for (const { key } of map?.items ?? []) {
    if (!keys.has(String(key))) report.unknownKey(key, String(key), keys)
  }
  const choices = textsOf(map?.get('choices'))
  const type = readType(textAt(map, 'type') ?? (choices === undefined ? 'text' : 'choice'))

  function readType(written: string): ParameterType {
    const known = types.find((candidate) => candidate === written)
    if (known === undefined) wrong('type', written, types.join(', '))
    if (known !== 'choice' || choices?.length) return known ?? 'text'
    report.add('parameter-choices-missing', nameNode, { name })
    return 'text'
  }

  function readPattern(): string | undefined {
    const pattern = textAt(map, 'pattern')
    if (pattern === undefined) return undefined
    const detail = faultOf(pattern)
    if (detail === undefined) return pattern
    report.add('parameter-invalid-pattern', map?.get('pattern', true), { name, detail })
    return undefined
  }

  function readNumber(key: 'min' | 'max'): number | undefined {
    const value = textAt(map, key)
    if (value === undefined) return undefined
    if (value.trim() !== '' && Number.isFinite(Number(value))) return Number(value)
    wrong(key, value, '1, 2, 3')
    return undefined
  }

  function readTruth(key: 'required' | 'sensitive'): boolean | undefined {
    const value = textAt(map, key)
    if (value !== undefined && value !== 'true' && value !== 'false') wrong(key, value, 'true, false')
    return value === 'true' ? true : value === 'false' ? false : undefined
  }

  const [label, description, hint] = [textAt(map, 'label'), textAt(map, 'description'), textAt(map, 'hint')]
  const [pattern, min, max] = [readPattern(), readNumber('min'), readNumber('max')]
  if (min !== undefined && max !== undefined && min > max) wrong('max', String(max), String(min))
  const sensitive = readTruth('sensitive')
  const declaration: ParameterDeclaration = {
    name,
    type,
    required: readTruth('required') ?? true,
    range: report.rangeOf(nameNode),
    ...(label === undefined ? {} : { label }),
    ...(description === undefined ? {} : { description }),
    ...(hint === undefined ? {} : { hint }),
    ...(pattern === undefined ? {} : { pattern }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(choices === undefined ? {} : { choices }),
    ...(sensitive === undefined ? {} : { sensitive }),
  }
  const preset = textAt(map, 'default')
  if (preset === undefined) return declaration
  if (preset === '' || validateParameter(declaration, preset) === undefined) return { ...declaration, default: preset }
  wrong('default', preset, fitting(declaration))
  return declaration
}

/** Values that a declaration takes, as an example. */
function fitting({ type, choices, pattern, hint, min, max }: ParameterDeclaration): string {
  if (type === 'choice') return choices?.join(', ') ?? ''
  if (type === 'boolean') return 'true, false'
  if (hint ?? pattern) return hint ?? pattern ?? ''
  if (type === 'date') return '2026-11-19'
  if (type === 'email') return 'name@example.co.jp'
  return min === undefined && max === undefined ? '1, 2, 3' : `${min ?? ''}…${max ?? ''}`
}

/** Why a text is no regular expression. */
function faultOf(pattern: string): string | undefined {
  try {
    new RegExp(pattern, 'u')
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : pattern
  }
}
