import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

type Line = Readonly<Record<string, unknown>> & { readonly type: string }

/** Absolute paths of the records in a repo. */
export function recordFiles(root: string): readonly string[] {
  return globSync('.baton/runs/*/*/*.jsonl', { cwd: root }).map((path) => join(root, path))
}

/** The lines of each record in a repo, oldest first. */
export function recordsOf(root: string): readonly (readonly Line[])[] {
  return recordFiles(root)
    .toSorted()
    .map((file) =>
      readFileSync(file, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line): Line => JSON.parse(line)),
    )
}

/** The lines of the only record in a repo. */
export function onlyRecord(root: string): readonly Line[] {
  const [record, ...others] = recordsOf(root)
  if (record === undefined || others.length > 0)
    throw new Error(`${others.length + (record ? 1 : 0)} records in ${root}`)
  return record
}

/** How each step of a record ended, by its id. */
export function outcomesOf(record: readonly Line[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(record.filter(({ type }) => type === 'step-end').map((line) => [line.id, line.outcome]))
}
