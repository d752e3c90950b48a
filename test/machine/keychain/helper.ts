import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../../..')

export const helperFile = join(root, 'src/machine/keychain/keychain-helper.ts')
export const keytarPath = join(root, 'node_modules/keytar')

/** Process ids of the keychain helpers that this process started and that still run. */
export function helperPids(): readonly number[] {
  return readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
    .split(' ')
    .filter(Boolean)
    .map(Number)
    .filter((pid) => isHelper(pid))
}

export function isHelper(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('keychain-helper')
  } catch {
    return false
  }
}

/** Waits until `condition` holds, for 5 seconds at most. */
export async function until(condition: () => boolean): Promise<boolean> {
  for (const end = Date.now() + 5_000; Date.now() < end; ) {
    if (condition()) return true
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return condition()
}
