import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { approvedContent } from '../../../src/execution/approval.ts'
import { createApprovals } from '../../../src/machine/approvals.ts'
import { stateFolder } from '../../../src/machine/state-folder.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'

/** Lets every step below these folders run for the user of `home`, as if somebody had read and approved it there before. */
export async function approveAll(folders: readonly string[], home: string, env: NodeJS.ProcessEnv): Promise<void> {
  const approvals = createApprovals({ folder: stateFolder(env, process.platform, home) })
  const files = folders.flatMap((folder) => globSync('**/*.md', { cwd: folder }).map((file) => join(folder, file)))
  const entries = files.flatMap((file) =>
    parseRunbook(readFileSync(file, 'utf8')).steps.flatMap((step) => {
      if (step.kind !== 'command') return []
      return [{ place: `${basename(file)} ${step.id}`, sha256: approvedContent(step), text: step.text }]
    }),
  )
  await approvals.add(entries)
}
