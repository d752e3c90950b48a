import { type ChildProcess, spawn } from 'node:child_process'
import { Socket } from 'node:net'
import { parse } from 'node:path'
import { withoutEditor } from '../shells/environment.ts'

/** A process that ends an owner's steps and removes its folder when the owner is killed and cannot do so itself. */
export interface Watchdog {
  /** Has it watch from now on, until the returned function is called. Never fails: runs do not depend on it. */
  watch(): () => void
  /** Tells the first process of a step, until the returned function is called. */
  follow(pid: number): () => void
}

export interface WatchdogOptions {
  /** Entry of the watchdog: absolute path of a file that node can run. */
  readonly file: string
  /** What the owner's processes have in their environment. */
  readonly marker: string
  /** The owner's private folder. */
  readonly folder: string
  readonly graceMs: number
  /** How long it is kept when nothing is to be watched. */
  readonly idleMs?: number
}

export const createWatchdog = (options: WatchdogOptions): Watchdog => {
  let child: ChildProcess | undefined
  let idle: NodeJS.Timeout | undefined
  let watched = 0
  const roots = new Set<number>()

  const start = (): void => {
    try {
      const dog = spawn(
        process.execPath,
        [options.file, options.marker, options.folder, String(options.graceMs)],
        // Out of the owner's group and folder: it outlives both.
        {
          detached: true,
          cwd: parse(options.file).root,
          stdio: ['pipe', 'ignore', 'ignore'],
          env: environment(),
          windowsHide: true,
        },
      )
      child = dog
      const gone = () => {
        if (child === dog) child = undefined
      }
      dog.on('exit', gone).on('error', gone)
      dog.stdin.on('error', gone)
      dog.unref()
      if (dog.stdin instanceof Socket) dog.stdin.unref()
      for (const pid of roots) tell(`+${pid}`)
    } catch {
      child = undefined
    }
  }
  const tell = (line: string): void => {
    child?.stdin?.write(`${line}\n`)
  }
  const dismiss = (): void => {
    child?.stdin?.end('farewell\n')
    child = undefined
  }
  return {
    watch: () => {
      watched++
      clearTimeout(idle)
      if (!child) start()
      return () => {
        watched--
        if (watched === 0) idle = setTimeout(dismiss, options.idleMs ?? 5000).unref()
      }
    },
    follow: (pid) => {
      // Elsewhere their environment tells whose they are.
      if (process.platform !== 'win32') return () => {}
      roots.add(pid)
      tell(`+${pid}`)
      return () => {
        roots.delete(pid)
        tell(`-${pid}`)
      }
    },
  }
}

/** Without the marks of a run that this owner is itself a step of, and without what a debugger of the owner left there. */
const environment = (): NodeJS.ProcessEnv => {
  const { NODE_OPTIONS: _, ...env } = withoutEditor(process.env)
  return process.versions.electron ? { ...env, ELECTRON_RUN_AS_NODE: '1' } : env
}
