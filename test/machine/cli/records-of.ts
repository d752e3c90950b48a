import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

type Line = Readonly<Record<string, unknown>> & { readonly type: string }

/** Absolute paths of the records in a repo. */
export function recordFiles(root: string): readonly string[] {
  return globSync('.baton/runs/*/*/*.jsonl', { cwd: root }).map((path) => join(root, path))
}

/** The lines of the only record in a repo. */
export function onlyRecord(root: string): readonly Line[] {
  const [file, ...others] = recordFiles(root)
  if (file === undefined || others.length > 0) throw new Error(`${others.length + (file ? 1 : 0)} records in ${root}`)
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): Line => JSON.parse(line))
}

/** How each step of a record ended, by its id. */
export function outcomesOf(record: readonly Line[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(record.filter(({ type }) => type === 'step-end').map((line) => [line.id, line.outcome]))
}
