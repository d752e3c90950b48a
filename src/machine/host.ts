import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { execa } from 'execa'
import type { RunDescription } from '../execution/event.ts'

/** This computer and this process, as a record names them. */
export function thisHost(): RunDescription['host'] {
  return { name: hostname(), platform: process.platform, pid: process.pid }
}

/** Clocks of a file and of a process table differ by their resolution. */
const clockSlackMs = 2000

/**
 * Whether a process that ran on this computer at `time` (milliseconds since the epoch) is gone. A process that has its id
 * and started after that is another one. In doubt it is not gone.
 */
export async function processGone(pid: number, time: number): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
  const startedAt = await processStart(pid)
  return startedAt !== undefined && startedAt > time + clockSlackMs
}

/** Milliseconds since the epoch; undefined where the system does not tell. */
async function processStart(pid: number): Promise<number | undefined> {
  if (pid === process.pid) return performance.timeOrigin
  const time = process.platform === 'linux' ? await linuxStart(pid) : await askedStart(pid)
  return time === undefined || Number.isNaN(time) ? undefined : time
}

/** proc(5): field 22 of `stat` is the start in clock ticks since boot; the name in field 2 may hold spaces and brackets. */
async function linuxStart(pid: number): Promise<number | undefined> {
  try {
    const [own, all] = await Promise.all([readFile(`/proc/${pid}/stat`, 'utf8'), readFile('/proc/stat', 'utf8')])
    const ticks = Number(own.slice(own.lastIndexOf(')') + 2).split(' ')[19])
    const bootSeconds = Number(/^btime (\d+)$/m.exec(all)?.[1])
    // USER_HZ, the unit in which Linux tells times to programs, is 100 on every platform that Node runs on.
    return bootSeconds * 1000 + ticks * 10
  } catch {
    return undefined
  }
}

async function askedStart(pid: number): Promise<number | undefined> {
  const [command, args] =
    process.platform === 'win32'
      ? [
          'powershell.exe',
          ['-NoProfile', '-Command', `(Get-Process -Id ${pid}).StartTime.ToUniversalTime().ToString('o')`],
        ]
      : ['ps', ['-o', 'lstart=', '-p', String(pid)]]
  const env = { LC_ALL: 'C', TZ: 'UTC' }
  const result = await execa(command, args, { reject: false, timeout: 5000, stdin: 'ignore', env })
  if (result.failed) return undefined
  const text = result.stdout.trim()
  return Date.parse(process.platform === 'win32' ? text : `${text} UTC`)
}
