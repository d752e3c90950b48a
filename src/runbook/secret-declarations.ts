import type { YAMLMap } from 'yaml'
import { parseDuration } from './duration.ts'
import { isReservedName, isVariableName } from './reserved-names.ts'
import type { SecretDeclaration } from './secret-declaration.ts'
import { declarationOf, itemsOf, textAt, type YamlReport } from './yaml-nodes.ts'

const keys = new Set(['name', 'label', 'owner', 'rotate-every', 'from'])

/** Reads `secrets:`, a list of names or of mappings with a name. One that has no usable name is dropped. */
export function readSecrets(node: unknown, report: YamlReport): readonly SecretDeclaration[] {
  const found = new Map<string, SecretDeclaration>()
  for (const item of itemsOf(node, 'secrets', report)) {
    const { name, map, nameNode } = declarationOf(item)
    if (!isVariableName(name)) report.add('secret-invalid-name', nameNode, { name })
    else if (isReservedName(name)) report.add('parameter-reserved-name', nameNode, { name })
    else if (found.has(name)) report.add('secret-duplicate', nameNode, { name })
    else {
      for (const { key } of map?.items ?? []) if (!keys.has(String(key))) report.unknownKey(key, String(key), keys)
      const [label, owner, rotateEvery] = [textAt(map, 'label'), textAt(map, 'owner'), readRotation(map, report)]
      const from = readCommand(name, map, report)
      found.set(name, {
        name,
        range: report.rangeOf(nameNode),
        ...(label === undefined ? {} : { label }),
        ...(owner === undefined ? {} : { owner }),
        ...(rotateEvery === undefined ? {} : { rotateEvery }),
        ...(from === undefined ? {} : { from }),
      })
    }
  }
  return [...found.values()]
}

/** What a shell would read as several lines, or nobody would see, is no command that a person can approve. */
function readCommand(name: string, map: YAMLMap | undefined, report: YamlReport): string | undefined {
  if (!map?.has('from')) return undefined
  const command = textAt(map, 'from')?.trim()
  if (command !== undefined && command !== '' && !/\p{Cc}/u.test(command)) return command
  report.add('secret-invalid-command', map.get('from', true), { name })
  return undefined
}

function readRotation(map: YAMLMap | undefined, report: YamlReport): number | undefined {
  const value = textAt(map, 'rotate-every')
  const duration = value === undefined ? undefined : parseDuration(value)
  if (value !== undefined && duration === undefined) {
    const place = map?.get('rotate-every', true)
    report.add('frontmatter-invalid-value', place, { key: 'rotate-every', value, expected: '90d' })
  }
  return duration
}
