import { readdirSync, readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa, execaSync } from 'execa'

interface ProcessEntry {
  readonly pid: number
  readonly parent: number
  /** Unix process group; 0 where there is none. */
  readonly group: number
  /** Tells a process from a later one with the same number. */
  readonly started: string
  readonly marked: boolean
}

/** Whose processes are meant: those below `root` and in its group, and those whose environment holds `marker`. */
export interface ProcessFamily {
  readonly root?: number
  /** A member that lives on. */
  readonly spare?: number
  /** `NAME=value` or the beginning of it, as put into the environment of the family's first process. */
  readonly marker: string
}

/** Linux, proc(5): the name stands in parentheses and may hold anything. */
const readStat = (stat: string, marked: boolean): ProcessEntry | undefined => {
  const pid = Number.parseInt(stat, 10)
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined
  return { pid, parent: Number(fields[1]), group: Number(fields[2]), started: fields[19] ?? '', marked }
}

const isMarked = (environ: Buffer, marker: string): boolean =>
  environ.subarray(0, marker.length).equals(Buffer.from(marker)) || environ.includes(`\0${marker}`)

const listLinux = async (marker: string): Promise<readonly ProcessEntry[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const entries = await Promise.all(
    pids.map(async (pid) => {
      try {
        const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
        const environ = await readFile(`/proc/${pid}/environ`).catch(() => Buffer.alloc(0))
        return readStat(stat, isMarked(environ, marker))
      } catch {
        return undefined
      }
    }),
  )
  return entries.filter((entry) => entry !== undefined)
}

/** macOS and the BSDs: `-E` shows the environment of one's own processes after the command. */
const psArguments = ['-A', '-E', '-ww', '-o', 'pid=,ppid=,pgid=,stat=,command=']

const readPs = (output: string, marker: string): readonly ProcessEntry[] =>
  output.split('\n').flatMap((line) => {
    const [, pid, parent, group, state, command] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? []
    if (!pid || state?.startsWith('Z')) return []
    const marked = command?.includes(` ${marker}`) ?? false
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), started: '', marked }]
  })

const listUnix = async (marker: string): Promise<readonly ProcessEntry[]> =>
  readPs((await execa('ps', psArguments, { reject: false })).stdout, marker)

const members = (list: readonly ProcessEntry[], family: ProcessFamily, known: ReadonlyMap<number, string>) => {
  const found = new Map<number, ProcessEntry>()
  const isMember = (entry: ProcessEntry) =>
    entry.marked ||
    found.has(entry.parent) ||
    (family.root !== undefined && (entry.pid === family.root || entry.group === family.root)) ||
    known.get(entry.pid) === entry.started
  for (let before = -1; before < found.size; ) {
    before = found.size
    for (const entry of list) if (entry.pid !== process.pid && isMember(entry)) found.set(entry.pid, entry)
  }
  return found
}

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name)
  } catch {
    // It ended by itself in the meantime.
  }
}

const endOnUnix = async (family: ProcessFamily, graceMs: number): Promise<void> => {
  const known = new Map<number, string>()
  const look = async () => {
    const list = await (process.platform === 'linux' ? listLinux : listUnix)(family.marker)
    const found = members(list, family, known)
    for (const { pid, started } of found.values()) known.set(pid, started)
    return [...found.keys()].filter((pid) => pid !== family.spare)
  }
  const asked = new Set<number>()
  const deadline = Date.now() + graceMs
  for (let wait = 5; ; wait = Math.min(wait * 2, 100)) {
    const alive = await look()
    if (alive.length === 0) return
    const late = Date.now() >= deadline
    for (const pid of alive) {
      if (late) signal(pid, 'SIGKILL')
      else if (!asked.has(pid)) signal(pid, 'SIGTERM')
      asked.add(pid)
    }
    if (Date.now() > deadline + 5000) return
    await sleep(late ? 10 : wait)
  }
}

interface WindowsProcess {
  readonly name: string
  readonly pid: number
  readonly parent: number
}

const readWindowsList = (output: string): readonly WindowsProcess[] =>
  output.split(/\r?\n/).flatMap((line) => {
    const [, name, parent, pid] = /^(\S.*?)\s+(\d+)\s+(\d+)\s*$/.exec(line) ?? []
    return name ? [{ name, pid: Number(pid), parent: Number(parent) }] : []
  })

/** `wmic` answers fast, but newer Windows come without it. */
const listWindows = async (): Promise<readonly WindowsProcess[]> => {
  const quiet = { reject: false, windowsHide: true } as const
  const wmic = await execa('wmic', ['process', 'get', 'Name,ParentProcessId,ProcessId'], {
    ...quiet,
    encoding: 'buffer',
  })
  if (wmic.exitCode === 0) return readWindowsList(new TextDecoder('utf-16le').decode(wmic.stdout))
  const query = 'Get-CimInstance Win32_Process | ForEach-Object { "$($_.Name) $($_.ParentProcessId) $($_.ProcessId)" }'
  const cim = await execa('powershell', ['-NoProfile', '-NonInteractive', '-Command', query], quiet)
  return readWindowsList(cim.stdout)
}

/** Windows has no polite signal: everything below `root` ends at once. */
const endOnWindows = async ({ root, spare }: ProcessFamily): Promise<void> => {
  if (root === undefined) return
  const quiet = { reject: false, stdio: 'ignore', windowsHide: true } as const
  if (spare === undefined) {
    const tree = await execa('taskkill', ['/T', '/F', '/PID', String(root)], quiet)
    if (tree.exitCode === 0) return
  }
  const list = await listWindows()
  const family = new Set([root])
  for (let before = 0; before < family.size; ) {
    before = family.size
    // A console's own process hangs below its program, which dies with it.
    for (const { name, pid, parent } of list) {
      if (family.has(parent) && pid !== 0 && name.toLowerCase() !== 'conhost.exe') family.add(pid)
    }
  }
  const ended = [...family].filter((pid) => pid !== spare)
  await Promise.all(ended.map((pid) => execa('taskkill', ['/F', '/PID', String(pid)], quiet)))
}

/**
 * Ends a family of processes whatever its members did: ignored TERM, left the group, lost their parent. Returns when
 * none is left.
 * @param graceMs how long they may take to end by themselves after SIGTERM; Windows gives no time
 */
export const endFamily = (family: ProcessFamily, graceMs: number): Promise<void> =>
  process.platform === 'win32' ? endOnWindows(family) : endOnUnix(family, graceMs)

/** The same at once and synchronously, for the moment in which this process exits. */
export const killFamilyNow = (family: ProcessFamily): void => {
  if (family.root !== undefined) signal(process.platform === 'win32' ? family.root : -family.root, 'SIGKILL')
  if (process.platform === 'win32') return
  for (const pid of markedNow(family.marker)) if (pid !== process.pid) signal(pid, 'SIGKILL')
}

const markedNow = (marker: string): readonly number[] => {
  if (process.platform !== 'linux') {
    const { stdout } = execaSync('ps', psArguments, { reject: false })
    return readPs(stdout, marker)
      .filter(({ marked }) => marked)
      .map(({ pid }) => pid)
  }
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.map(Number).filter((pid) => {
    try {
      return isMarked(readFileSync(`/proc/${pid}/environ`), marker)
    } catch {
      // Not ours to read, or gone.
      return false
    }
  })
}
