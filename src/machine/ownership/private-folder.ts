import { rmSync } from 'node:fs'
import { lstat, mkdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { atExit } from '../shells/at-exit.ts'

/** The one place in which an owner's files lie that must be gone afterwards. It is there while something lies in it. */
export interface PrivateFolder {
  readonly path: string
  /**
   * Makes a fresh folder in it that only this user can read; its path is short, since sockets may lie in it.
   * @throws with an errno where the disk is full or read-only
   */
  fresh(): Promise<string>
  /** Removes a folder that `fresh` made. Never fails: what cannot be removed now goes when this process exits. */
  discard(folder: string): Promise<void>
}

/** @param onFirst called once, when something comes to lie there */
export const privateFolder = (path: string, onFirst: () => void = () => {}): PrivateFolder => {
  const living = new Set<string>()
  let made = 0
  let forget: (() => void) | undefined
  let first: (() => void) | undefined = onFirst

  const fresh = async (): Promise<string> => {
    const folder = join(path, (made++).toString(36))
    living.add(folder)
    forget ??= atExit(() => rmSync(path, { recursive: true, force: true }))
    for (let tries = 0; ; tries++) {
      try {
        await mkdir(path, { mode: 0o700 }).catch(unlessOwn)
        await mkdir(folder, { mode: 0o700 })
        break
      } catch (error) {
        // Between the two it was found empty and removed, by this process or by one that tidies up.
        if (codeOf(error) === 'ENOENT' && tries < 10) continue
        living.delete(folder)
        throw error
      }
    }
    first?.()
    first = undefined
    return folder
  }
  /** Others can make folders beside this one too, and they know its name once it was there. */
  const unlessOwn = async (error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error
    const found = await lstat(path)
    if (!found.isDirectory() || (process.getuid && found.uid !== process.getuid())) throw error
  }
  const discard = async (folder: string): Promise<void> => {
    try {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 })
      living.delete(folder)
      if (living.size > 0) return
      await rmdir(path)
      if (living.size > 0) return
      forget?.()
      forget = undefined
    } catch {
      // Still in use; `forget` was not called.
    }
  }
  return { path, fresh, discard }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)
