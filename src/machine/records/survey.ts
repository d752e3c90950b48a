import { unreadable } from './digest.ts'
import { emptyFolder, type FolderState } from './folder.ts'
import { changesIn, type FolderChanges, type FolderLook, livelyPaths, lookAtFolder } from './look.ts'
import { mapBounded } from './reading.ts'

/** A folder, what it is now, and what has to be looked at. */
export interface Visit {
  readonly folder: string
  readonly look: Extract<FolderLook, { kind: 'folder' }>
  readonly state: FolderState
}

/** What is to be done for a folder. */
export interface Plan {
  readonly visit: Visit
  /** What has to be read of it. */
  readonly read: FolderChanges['read'] | 'all'
  /** Its list is another one already. */
  readonly isOther: boolean
}

export interface Survey {
  /** By folder. */
  readonly found: Map<string, FolderState>
  readonly visits: readonly Visit[]
}

/** Few: a folder holds the records of a month, and what comes for several at the same moment is worked on without a pause. */
const foldersAtOnce = 2

/** Looks at all folders from `top` down. */
export async function surveyRecords(
  root: string,
  top: string,
  stateOf: (folder: string) => Promise<FolderState>,
): Promise<Survey> {
  const found = new Map<string, FolderState>()
  const visits: Visit[] = []
  const visit = async (folder: string): Promise<void> => {
    const state = await stateOf(folder)
    const look = await lookAtFolder(root, folder, state)
    if (look.kind === 'gone') return
    if (look.kind === 'unreadable') {
      // It stands for its records, so that they are not taken for absent.
      const newer = new Map([[folder, { digest: unreadable(folder, look.reason, 0) }]])
      found.set(folder, { ...emptyFolder(), newer })
      return
    }
    found.set(folder, state)
    visits.push({ folder, look, state })
    await mapBounded(look.folders, (name) => visit(`${folder}/${name}`), foldersAtOnce)
  }
  await visit(top)
  return { found, visits }
}

/**
 * What has changed in a folder, as far as is looked.
 * @param isExact every file is looked at
 * @param touched the files to which something happened
 * @param mostLooked more files of an unknown folder are not looked at before they are read: that would take as long
 */
export async function planVisit(
  root: string,
  visit: Visit,
  isExact: boolean,
  touched: ReadonlySet<string> | 'all' | undefined,
  mostLooked: number | undefined,
): Promise<Plan> {
  const { folder, look, state } = visit
  const isNew = state.blocks.length === 0 && state.newer.size === 0
  if (isNew && mostLooked !== undefined && (look.paths?.length ?? 0) > mostLooked)
    return { visit, read: 'all', isOther: true }
  const isLooked = isExact || look.paths !== undefined || touched === 'all'
  const some = [...(touched ?? [])].map((name) => `${folder}/${name}`).filter((path) => path.endsWith('.jsonl'))
  const looked = isLooked ? undefined : [...new Set([...livelyPaths(state), ...some])]
  return { visit, ...(await changesIn(root, state, look.paths, looked)) }
}
