import { isMap, isScalar, type YAMLMap } from 'yaml'
import { similarKey } from './similar-key.ts'
import { textOf, type YamlReport } from './yaml-nodes.ts'

/**
 * A mapping of `baton.yaml` that is read key by key. What is asked for and does not fit is a warning, and counts as missing;
 * what nobody asked for is reported by `end`.
 */
export interface SettingsSection {
  /** The mapping under a key; an empty one where there is none. */
  section(key: string): SettingsSection
  /** One of a few words, or nothing. */
  word<Word extends string>(key: string, words: readonly Word[]): Word | undefined
  /** What `parse` makes of the text, or nothing. */
  value<Value>(key: string, parse: (text: string) => Value | undefined, example: string): Value | undefined
  end(): void
}

/** @param path what stands before the keys in messages, such as `records.` */
export function settingsSection(map: YAMLMap | undefined, report: YamlReport, path = ''): SettingsSection {
  const asked = new Set<string>()
  const sections: SettingsSection[] = []

  function nodeAt(key: string): unknown {
    asked.add(key)
    return map?.get(key, true)
  }

  const isMissing = (node: unknown) => node === undefined || node === null || (isScalar(node) && node.value === null)

  function value<Value>(key: string, parse: (text: string) => Value | undefined, example: string): Value | undefined {
    const node = nodeAt(key)
    if (isMissing(node)) return undefined
    const text = textOf(node)
    if (text === undefined) {
      report.add('settings-wrong-type', node, { key: path + key, expected: 'text' }, 'warning')
      return undefined
    }
    const read = parse(text)
    if (read === undefined) {
      report.add('settings-invalid-value', node, { key: path + key, value: text, expected: example }, 'warning')
    }
    return read
  }

  return {
    section(key) {
      const node = nodeAt(key)
      if (!isMissing(node) && !isMap(node)) {
        report.add('settings-wrong-type', node, { key: path + key, expected: 'mapping' }, 'warning')
      }
      const below = settingsSection(isMap(node) ? node : undefined, report, `${path}${key}.`)
      sections.push(below)
      return below
    },
    word: (key, words) => value(key, (text) => words.find((word) => word === text), words.join(', ')),
    value,
    end() {
      for (const { key: keyNode } of map?.items ?? []) {
        const key = textOf(keyNode) ?? String(keyNode)
        if (asked.has(key)) continue
        const meant = similarKey(key, asked)
        const values = { key: path + key, ...(meant === undefined ? {} : { meant: path + meant }) }
        report.add('settings-unknown-key', keyNode, values, meant === undefined ? 'information' : 'warning')
      }
      for (const below of sections) below.end()
    },
  }
}
