import { spawnSync } from 'node:child_process'
import { closeSync, constants, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import type { Reception } from '../../execution/reception.ts'
import type { Terminal } from './terminal.ts'

/** The system calls by which a program waits for input, or for several things. */
interface Calls {
  readonly read: string
  readonly select: readonly string[]
  readonly poll: readonly string[]
}

const callsOf: Partial<Record<NodeJS.Architecture, Calls>> = {
  x64: { read: '0', select: ['23', '270'], poll: ['7', '271', '232', '281', '441'] },
  arm64: { read: '63', select: ['72'], poll: ['73', '22', '441'] },
}

const mostProcesses = 200

/**
 * How a terminal takes what is sent to it just now. What a program stands waiting for is told by Linux alone (proc(5)), and not of
 * a program that cannot be looked into (`sudo`), that passes on what it reads to somebody else (`ssh`), or that waits for more
 * than its terminal. A terminal from which somebody waits to read has nothing more to give to anybody.
 */
export const receptionAt = ({ pid, device }: Pick<Terminal, 'pid' | 'device'>): Reception => {
  if (device === undefined) return {}
  const calls = process.platform === 'linux' ? callsOf[process.arch] : undefined
  const waiting = calls && waitingFor(pid, calls)
  // Asked afterwards: as long as somebody waits, nobody changes them.
  const modes = modesOf(device)
  if (!modes) return {}
  const awaited = awaitedInput(waiting, modes.readsLines)
  // While nobody waits, somebody may change that before the keys are there.
  const isRaw = !modes.readsLines
  if (modes.shows || awaited === 'nothing') return { awaited, shows: true, isRaw }
  // Whoever passes keys on shows nothing here, and the terminal to which they go may.
  return { awaited, shows: awaited === undefined ? undefined : false, isRaw }
}

/** Whoever passes keys on reads them one by one, as editors do; but editors wait for that file alone, and with `select`. */
const awaitedInput = (
  waiting: 'read' | 'select' | 'nothing' | undefined,
  readsLines: boolean,
): Reception['awaited'] => {
  if (waiting === undefined || waiting === 'nothing') return waiting
  return readsLines ? 'line' : waiting === 'select' ? 'key' : undefined
}

/** By which system call a program waits for the terminal; `nothing` where all that might do so can be looked into. */
const waitingFor = (shell: number, calls: Calls): 'read' | 'select' | 'nothing' | undefined => {
  const { foreground, terminal } = unlessGone(() => statOf(shell)) ?? {}
  const { pids, isAll } = family(shell)
  let isKnown = isAll && foreground !== undefined
  let isThere = false
  for (const pid of pids) {
    const { group, terminal: other } = unlessGone(() => statOf(pid)) ?? {}
    if (group !== foreground || other !== terminal) continue
    isThere = true
    for (const thread of threadsOf(pid)) {
      const system = systemCallOf(pid, thread)
      const [call = '', argument] = system?.split(' ') ?? []
      const isSelect = calls.select.includes(call) && argument === '0x1'
      if (isSelect || call === calls.read) {
        if (!isTerminal(unlessGone(() => readlinkSync(`/proc/${pid}/fd/${isSelect ? 0 : Number(argument)}`)))) continue
        return isSelect ? 'select' : 'read'
      }
      if (system === 'unknown' || calls.select.includes(call) || calls.poll.includes(call)) isKnown = false
    }
  }
  return isKnown && isThere ? 'nothing' : undefined
}

/** `unknown` where it is not this user's to look into, or Linux does not tell; `undefined` when it is gone. */
const systemCallOf = (pid: number, thread: string): string | undefined => {
  try {
    return readFileSync(`/proc/${pid}/task/${thread}/syscall`, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    return code === 'EACCES' || code === 'EPERM' || isAlive(pid) ? 'unknown' : undefined
  }
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // There, and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

const threadsOf = (pid: number): readonly string[] => unlessGone(() => readdirSync(`/proc/${pid}/task`)) ?? []

const unlessGone = <T>(read: () => T): T | undefined => {
  try {
    return read()
  } catch {
    return undefined
  }
}

const isTerminal = (path: string | undefined): boolean => path?.startsWith('/dev/pts/') || path === '/dev/tty'

/** The process name stands in parentheses and may hold anything. */
const statOf = (pid: number) => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const [, , group, , terminal, foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { group, terminal, foreground }
}

/** A process and those below it, whichever thread started them. `isAll`: none of them is hidden, and there are not too many. */
const family = (root: number): { readonly pids: readonly number[]; readonly isAll: boolean } => {
  const pids = [root]
  let isAll = true
  for (let n = 0; n < pids.length && pids.length < mostProcesses; n++) {
    const pid = pids[n] ?? root
    const threads = threadsOf(pid)
    if (threads.length === 0 && isAlive(pid)) isAll = false
    for (const thread of threads) {
      const children = unlessGone(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8'))
      if (children === undefined && isAlive(pid)) isAll = false
      pids.push(...(children ?? '').split(' ').filter(Boolean).map(Number))
    }
  }
  return { pids, isAll: isAll && pids.length < mostProcesses }
}

/** Opened anew for it: a process that is started with a file makes it one that blocks, for everybody who has it. */
const modesOf = (device: string): { readonly readsLines: boolean; readonly shows: boolean } | undefined => {
  let words: readonly string[] = []
  try {
    const file = openSync(device, constants.O_RDONLY | constants.O_NOCTTY | constants.O_NONBLOCK)
    const { stdout } = spawnSync('stty', ['-a'], { stdio: [file, 'pipe', 'ignore'], encoding: 'utf8', timeout: 1000 })
    words = stdout?.split(/[\s;]+/) ?? []
    closeSync(file)
  } catch {
    // It is gone.
  }
  return words.includes('echo') || words.includes('-echo')
    ? { readsLines: words.includes('icanon'), shows: words.includes('echo') }
    : undefined
}
