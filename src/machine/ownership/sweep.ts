import { lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { endFamily } from '../process-tree.ts'
import { markerOf, readOwner } from './owner.ts'

/**
 * Ends the processes and removes the folders of owners that were killed together with whatever watched over them. Never
 * fails: what cannot be removed is left to whoever can.
 */
export const sweep = async (tempDir: string, graceMs: number): Promise<void> => {
  const names = await readdir(tempDir).catch(() => [])
  for (const name of names) {
    const owner = readOwner(name)
    const path = join(tempDir, name)
    if (!owner?.here || !(await isOwn(path)) || !(await owner.isGone())) continue
    await endFamily({ marker: markerOf(owner.mark) }, graceMs).catch(() => {})
    await rm(path, { recursive: true, force: true }).catch(() => {})
  }
}

const isOwn = async (path: string): Promise<boolean> => {
  const found = await lstat(path).catch(() => undefined)
  return found?.isDirectory() === true && (!process.getuid || found.uid === process.getuid())
}
