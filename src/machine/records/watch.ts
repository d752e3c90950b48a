import { type FSWatcher, watch } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

interface Watched {
  readonly watcher: FSWatcher
  /** Tells a folder that was made anew from the one that is watched. */
  readonly inode: number
}

interface Target {
  readonly folder: string
  /** The one name in it that matters; all when missing. */
  readonly name?: string
}

interface RecordWatching {
  readonly root: string
  readonly folder: string
  readonly onChange: () => void
  /** Hears, before `onChange`, in which folder (relative to the root, with `/`) and to which of its files something happened. */
  readonly onTouched: (folder: string, name: string | undefined) => void
}

/** Changes within this time are told once. */
const debounceMs = 100

/**
 * Tells when records change, appear or go. The folder may come later, be deleted and come again: every folder from the root
 * down to the months is watched by itself, which also costs one watch for each month and not one for each file.
 */
export function watchRecords(setup: RecordWatching): () => void {
  const { root, folder, onChange, onTouched } = setup
  const watched = new Map<string, Watched>()
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  // What was made before anything was watched was told by nobody.
  let following = follow().then((isLate) => {
    if (isLate && !stopped) onChange()
  })

  function changed(): void {
    if (stopped) return
    timer ??= setTimeout(() => {
      // Cleared first: what happens while the folders are looked at is told again.
      timer = undefined
      following = following
        .then(follow)
        .catch(() => undefined)
        .then(() => {
          if (!stopped) onChange()
        })
    }, debounceMs)
  }

  /**
   * Looks again until a look finds nothing new: a folder that is made between being looked into and being watched is told by
   * nobody. Says whether that was so.
   */
  async function follow(): Promise<boolean> {
    for (let looks = 1; ; looks++) {
      const targets = new Map((await targetsOf(root, folder)).map((target) => [target.folder, target]))
      for (const path of watched.keys()) if (!targets.has(path)) forget(path)
      let isNew = false
      for (const target of targets.values()) isNew = (await watchFolder(target)) || isNew
      if (!isNew) return looks > 2
    }
  }

  /** Says whether the folder is watched from now on. */
  async function watchFolder({ folder: path, name }: Target): Promise<boolean> {
    const inode = await stat(path).then(
      ({ ino }) => ino,
      () => undefined,
    )
    if (inode === undefined) {
      forget(path)
      return false
    }
    if (stopped || watched.get(path)?.inode === inode) return false
    forget(path)
    try {
      const shown = relative(root, path).split(sep).join('/')
      const watcher = watch(path, { persistent: false }, (_event, file) => {
        onTouched(shown, file ?? undefined)
        if (name === undefined || file === null || file === name || file === lastPart(path)) changed()
      })
      watcher.on('error', () => {
        forget(path)
        changed()
      })
      watched.set(path, { watcher, inode })
      return true
    } catch {
      // Gone since it was listed, or the system has no watch left: the folders above still tell.
      return false
    }
  }

  function forget(path: string): void {
    watched.get(path)?.watcher.close()
    watched.delete(path)
  }

  return () => {
    stopped = true
    clearTimeout(timer)
    for (const path of [...watched.keys()]) forget(path)
  }
}

/** The folders above the records, each for the name that leads down, and the records' own down to the months. */
async function targetsOf(root: string, folder: string): Promise<readonly Target[]> {
  const names = folder.split('/')
  const above = names.map((name, depth) => ({ folder: join(root, ...names.slice(0, depth)), name }))
  const own = join(root, folder)
  const years = await foldersIn(own)
  const months = await Promise.all(years.map(foldersIn))
  return [...above, { folder: own }, ...[...years, ...months.flat()].map((path) => ({ folder: path }))]
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name))
}

function lastPart(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}
