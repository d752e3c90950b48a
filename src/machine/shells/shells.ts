import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionProblem } from '../../execution/problem.ts'
import type { CarriedState, RunShells, Shells } from '../../execution/shells.ts'
import { createOwner, markerOf } from '../ownership/owner.ts'
import { privateFolder } from '../ownership/private-folder.ts'
import { sweep } from '../ownership/sweep.ts'
import { createWatchdog } from '../ownership/watchdog-process.ts'
import { endFamily, killFamilyNow } from '../process-tree.ts'
import { atExit } from './at-exit.ts'
import { bash } from './bash.ts'
import { cmd } from './cmd.ts'
import { withoutEditor } from './environment.ts'
import { findProgram, isStandIn } from './interpreter.ts'
import { node } from './node.ts'
import { fifoPipes } from './output-pipe.ts'
import { pwsh, windowsPowerShell } from './powershell.ts'
import { type RunContext, runProcessStep } from './process-step.ts'
import { python } from './python.ts'
import { type Session, startSession } from './session.ts'
import { sh } from './sh.ts'
import type { SessionShell, ShellDescription } from './shell.ts'

export interface ShellsOptions {
  /** The folder that holds `host.ps1`. */
  readonly assets: string
  /** Entry of the process that ends the steps when this one is killed; absent: nobody does. */
  readonly watchdogFile?: string
  readonly env?: NodeJS.ProcessEnv
  readonly platform?: NodeJS.Platform
  readonly tempDir?: string
  /** Milliseconds that a cancelled step has after SIGTERM. */
  readonly graceMs?: number
}

const known: readonly ShellDescription[] = [bash, sh, pwsh, windowsPowerShell, cmd, python, node]

/** The shells that this computer has, found on the PATH when they are first asked for. */
export const createShells = (options: ShellsOptions): Shells => {
  const env = withoutEditor(options.env ?? process.env)
  const platform = options.platform ?? process.platform
  const tempDir = options.tempDir ?? tmpdir()
  const graceMs = options.graceMs ?? 2000
  const owner = createOwner()
  const ownerFolder = join(tempDir, owner.folderName)
  const folders = privateFolder(ownerFolder, () => void sweep(tempDir, graceMs))
  const watchdog =
    options.watchdogFile === undefined
      ? undefined
      : createWatchdog({ file: options.watchdogFile, marker: markerOf(owner.mark), folder: ownerFolder, graceMs })
  let runs = 0
  const found = new Map<string, Promise<Found>>()

  const find = (name: string): Promise<Found> => {
    const key = name.toLowerCase()
    const answer = found.get(key) ?? search(key)
    found.set(key, answer)
    return answer
  }
  const search = async (name: string): Promise<Found> => {
    const shell = known.find((one) => one.name === name)
    if (!shell) return { problem: { code: 'shell-unknown', values: { shell: name } } }
    const candidates = shell.interpreters(platform)
    for (const candidate of candidates) {
      const interpreter = await findProgram(candidate, env, platform)
      if (!interpreter) continue
      if (shell.kind === 'session' && platform === 'win32' && (await isStandIn(interpreter))) {
        return { problem: { code: 'interpreter-unusable', values: { shell: name, interpreter } } }
      }
      return { shell, interpreter }
    }
    const values = { shell: name, interpreter: candidates[0] ?? name }
    return { problem: { code: 'interpreter-missing', values } }
  }

  const open = (): RunShells => {
    const mark = `${owner.mark}.${++runs}`
    const family = { marker: markerOf(mark) }
    let forget: (() => void) | undefined
    let unwatch: (() => void) | undefined
    let steps = 0
    const run: RunContext = {
      platform,
      folders,
      graceMs,
      pipes: platform === 'win32' ? undefined : fifoPipes(folders),
      nextMarker: () => ({ name: 'BATON_RUN', value: `${mark}.${++steps}.` }),
      started: (pid) => {
        forget ??= atExit(() => killFamilyNow(family))
        unwatch ??= watchdog?.watch()
        return watchdog?.follow(pid) ?? (() => {})
      },
    }
    const sessions = new Map<string, Session>()
    const sessionOf = (shell: SessionShell, interpreter: string, state: CarriedState): Session => {
      const living = sessions.get(interpreter)
      if (living?.alive()) return living
      const session = startSession({ shell, interpreter, state, run, assets: options.assets })
      sessions.set(interpreter, session)
      return session
    }
    return {
      run: async (request) => {
        const answer = await find(request.shell)
        if ('problem' in answer) return { kind: 'refused', problem: answer.problem }
        const { shell, interpreter } = answer
        return shell.kind === 'process'
          ? runProcessStep(shell, interpreter, request, run)
          : sessionOf(shell, interpreter, request.state).run(request)
      },
      warmUp: (name, state) => {
        void find(name).then((answer) => {
          if ('shell' in answer && answer.shell.kind === 'session') sessionOf(answer.shell, answer.interpreter, state)
        })
      },
      close: async () => {
        await Promise.all([...sessions.values()].map((session) => session.close()))
        await endFamily(family, graceMs)
        forget?.()
        await run.pipes?.close()
        unwatch?.()
      },
    }
  }

  return {
    check: async (shell) => {
      const answer = await find(shell)
      return 'problem' in answer ? answer.problem : undefined
    },
    initialState: (cwd) => ({ env, cwd, local: {} }),
    open,
  }
}

type Found = { readonly shell: ShellDescription; readonly interpreter: string } | { readonly problem: ExecutionProblem }
