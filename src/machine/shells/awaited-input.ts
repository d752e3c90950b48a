import { spawnSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import type { AwaitedInput } from '../../execution/typed-keys.ts'
import type { Terminal } from './terminal.ts'

/** By which a program waits for input. */
const calls: Partial<Record<NodeJS.Architecture, { readonly read: string; readonly select: readonly string[] }>> = {
  x64: { read: '0', select: ['23', '270'] },
  arm64: { read: '63', select: ['72'] },
}

const mostProcesses = 200

/**
 * What a program stands waiting for at a terminal, where Linux tells (proc(5)); a terminal from which somebody waits to read
 * has nothing more to give to anybody. `undefined` also where a program cannot be looked into (`sudo`), where it passes on
 * what it reads to somebody else (`ssh`), and where it waits for more than its terminal.
 */
export const awaitedInput = ({ pid, fd }: Pick<Terminal, 'pid' | 'fd'>): AwaitedInput | undefined => {
  const names = process.platform === 'linux' ? calls[process.arch] : undefined
  if (!names || fd === undefined) return undefined
  try {
    const { foreground, terminal } = statOf(pid)
    for (const one of family(pid)) {
      const { group, terminal: other } = statOf(one)
      if (group !== foreground || other !== terminal) continue
      const [call, argument] = readFileSync(`/proc/${one}/syscall`, 'utf8').split(' ')
      const isSelect = names.select.includes(call ?? '') && argument === '0x1'
      if (!isSelect && call !== names.read) continue
      const file = isSelect ? 0 : Number(argument)
      if (!isTerminal(readlinkSync(`/proc/${one}/fd/${file}`))) continue
      // Whoever passes keys on reads them one by one, as editors do; but editors wait for that file alone, and with `select`.
      return readsLines(fd) ? 'line' : isSelect ? 'key' : undefined
    }
  } catch {
    // It is gone, or not this user's to look into.
  }
  return undefined
}

const isTerminal = (path: string): boolean => path.startsWith('/dev/pts/') || path === '/dev/tty'

/** The process name stands in parentheses and may hold anything. */
const statOf = (pid: number) => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const [, , group, , terminal, foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { group, terminal, foreground }
}

/** A process and those below it. */
const family = (root: number): readonly number[] => {
  const found = [root]
  for (let n = 0; n < found.length && found.length < mostProcesses; n++) {
    const children = readFileSync(`/proc/${found[n]}/task/${found[n]}/children`, 'utf8')
    found.push(...children.split(' ').filter(Boolean).map(Number))
  }
  return found
}

/** The local flag ICANON (termios(3)): the terminal gives out whole lines. Asked at its own end, it tells of the other one. */
const readsLines = (fd: number): boolean => {
  const { stdout } = spawnSync('stty', ['-g'], { stdio: [fd, 'pipe', 'ignore'], encoding: 'utf8', timeout: 1000 })
  const local = stdout?.split(':')[3]
  return local !== undefined && (Number.parseInt(local, 16) & 2) !== 0
}
