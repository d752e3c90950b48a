import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The records of a repo as they are on disk, oldest first. */
export function recordsOf(folder: string): readonly string[] {
  const files = globSync('.baton/runs/**/*.jsonl', { cwd: folder }).sort()
  return files.map((file) => readFileSync(join(folder, file), 'utf8'))
}
