import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { processGone } from '../host.ts'

/** A process that runs steps: the extension host or the command line. */
export interface Owner {
  /** Names the owner's folder, and tells whoever finds it later who made it. */
  readonly folderName: string
  /** Value of `BATON_RUN` in the environment of each of its steps, up to the number of its run. */
  readonly mark: string
}

/** An owner as the name of a folder tells it. */
export interface FoundOwner {
  readonly here: boolean
  readonly mark: string
  /** Whether its process is gone; in doubt it is not. */
  isGone(): Promise<boolean>
}

/** The beginning of the entry that all processes of an owner's steps have in their environment. */
export const markerOf = (mark: string): string => `BATON_RUN=${mark}.`

export const createOwner = (): Owner => {
  const mark = randomBytes(6).toString('hex')
  return { mark, folderName: `baton-${place()}-${process.pid}-${ownStart()}-${mark}` }
}

const pattern = /^baton-([0-9a-f]{4})-(\d+)-([0-9a-z]+)-([0-9a-f]{12})$/

/** Undefined where `folderName` is none that an owner made. */
export const readOwner = (folderName: string): FoundOwner | undefined => {
  const [, where, pid, start, mark] = pattern.exec(folderName) ?? []
  if (!where || !pid || !start || !mark) return undefined
  return { here: where === place(), mark, isGone: () => isGone(Number(pid), start) }
}

const short = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 4)

/** Process ids mean something on one computer only, and in a container only there, though all may see the same folder. */
const place = (): string => short(`${hostname()} ${process.platform === 'linux' ? linked('/proc/self/ns/pid') : ''}`)

const linked = (path: string): string => {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

/**
 * On Linux the ticks since boot, and which boot: a clock that is set anew makes no other process of it. Elsewhere seconds
 * since the epoch. Base 36.
 */
const ownStart = (): string => {
  if (process.platform === 'linux') {
    try {
      return bootOf(readFileSync(bootFile, 'utf8')) + ticksOf(readFileSync('/proc/self/stat', 'utf8'))
    } catch {
      // Without /proc nothing tells a process from a later one.
    }
  }
  return Math.floor(performance.timeOrigin / 1000).toString(36)
}

const bootFile = '/proc/sys/kernel/random/boot_id'
const bootOf = (id: string) => short(id)

/** proc(5): field 22; the name in field 2 may hold spaces and brackets. */
const ticksOf = (stat: string) => Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]).toString(36)

const isGone = async (pid: number, start: string): Promise<boolean> => {
  if (process.platform !== 'linux') return processGone(pid, Number.parseInt(start, 36) * 1000)
  try {
    const boot = bootOf(await readFile(bootFile, 'utf8'))
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
    return stat === undefined || boot + ticksOf(stat) !== start
  } catch {
    return false
  }
}
