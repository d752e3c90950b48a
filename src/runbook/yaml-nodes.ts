import { isMap, isNode, isScalar, isSeq, type YAMLMap } from 'yaml'
import type { Problem, ProblemCode } from './problem.ts'
import { similarKey } from './similar-key.ts'
import type { Position, Range } from './source.ts'

/** Takes what is wrong, and knows where nodes of the YAML stand in the file. */
export interface YamlReport {
  readonly problems: readonly Problem[]
  /** Place of a node; of the whole frontmatter when there is no node. */
  rangeOf(node: unknown): Range
  add(code: ProblemCode, node: unknown, values: Readonly<Record<string, string>>, severity?: Problem['severity']): void
  /** A key that means nothing here: a remark, or a warning where another one was meant, which has no effect now. */
  unknownKey(node: unknown, key: string, known: Iterable<string>): void
}

export function createYamlReport(positionOf: (offset: number) => Position, whole: Range): YamlReport {
  const problems: Problem[] = []
  const rangeOf = (node: unknown): Range => {
    const range = isNode(node) ? node.range : undefined
    return range ? { start: positionOf(range[0]), end: positionOf(range[1]) } : whole
  }
  const add: YamlReport['add'] = (code, node, values, severity = 'error') =>
    problems.push({ code, severity, range: rangeOf(node), values })
  return {
    problems,
    rangeOf,
    add,
    unknownKey(node, key, known) {
      const meant = similarKey(key, known)
      if (meant === undefined) add('frontmatter-unknown-key', node, { key }, 'information')
      else add('frontmatter-unknown-key', node, { key, meant }, 'warning')
    },
  }
}

/** A scalar as it is written: `007` stays "007" and `1.10` stays "1.10". Undefined for null and for what is no scalar. */
export function textOf(node: unknown): string | undefined {
  if (!isScalar(node) || node.value === null) return undefined
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value))
}

/** The text under a key of a mapping. */
export function textAt(map: YAMLMap | undefined, key: string): string | undefined {
  return textOf(map?.get(key, true))
}

/** The texts of a sequence; undefined for anything else. */
export function textsOf(node: unknown): readonly string[] | undefined {
  return isSeq(node) ? node.items.flatMap((item) => textOf(item) ?? []) : undefined
}

/** The items of a sequence under `key`. Anything else than a sequence or nothing is a problem. */
export function itemsOf(node: unknown, key: string, report: YamlReport): readonly unknown[] {
  if (isSeq(node)) return node.items
  if (node !== null && !(isScalar(node) && node.value === null)) {
    report.add('frontmatter-wrong-type', node, { key, expected: 'list' })
  }
  return []
}

/** A declaration is a mapping with a `name`, or the name alone. */
export function declarationOf(item: unknown): { name: string; map: YAMLMap | undefined; nameNode: unknown } {
  const map = isMap(item) ? item : undefined
  return { name: (map ? textAt(map, 'name') : textOf(item)) ?? '', map, nameNode: map?.get('name', true) ?? item }
}
