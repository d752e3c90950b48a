import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionProblem } from '../../execution/problem.ts'
import type { SecretCommand, SecretCommandExit } from '../../execution/run-api.ts'
import type { CarriedState, RunShells, Shells, StepExit, StepRequest, TerminalSize } from '../../execution/shells.ts'
import { encodingNamed } from '../encodings.ts'
import { createOwner, markerOf } from '../ownership/owner.ts'
import { privateFolder } from '../ownership/private-folder.ts'
import { sweep } from '../ownership/sweep.ts'
import { createWatchdog } from '../ownership/watchdog-process.ts'
import { endFamily, killFamilyNow } from '../process-tree.ts'
import { anyInterpreter } from './any-interpreter.ts'
import { createAskpass } from './askpass.ts'
import { atExit } from './at-exit.ts'
import { withoutEditor } from './environment.ts'
import { findProgram, isStandIn } from './interpreter.ts'
import { knownShell } from './known-shells.ts'
import { withAskpass } from './lent-askpass.ts'
import { openSteps } from './open-steps.ts'
import { fifoPipes } from './output-pipe.ts'
import { type RunContext, runProcessStep } from './process-step.ts'
import { runSecretCommand } from './secret-command.ts'
import { type Session, startSession } from './session.ts'
import type { SessionShell, ShellDescription } from './shell.ts'
import { runTerminalStep } from './terminal-step.ts'

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

/** What can be run on this computer. */
export interface MachineShells extends Shells {
  /** Runs a command that prints a secret. */
  secretCommand(command: SecretCommand): Promise<SecretCommandExit>
}

/** The shells that this computer has, found on the PATH when they are first asked for. */
export const createShells = (options: ShellsOptions): MachineShells => {
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
    const answer = found.get(name) ?? search(name)
    found.set(name, answer)
    return answer
  }
  const search = async (name: string): Promise<Found> => {
    const known = knownShell(name)
    const shell = known ?? anyInterpreter(name)
    const candidates = shell.interpreters(platform)
    for (const candidate of candidates) {
      const interpreter = await findProgram(candidate, env, platform)
      if (!interpreter) continue
      if (shell.kind === 'session' && platform === 'win32' && (await isStandIn(interpreter).catch(() => false))) {
        return { problem: { code: 'interpreter-unusable', values: { shell: name, interpreter } } }
      }
      return { shell, interpreter }
    }
    if (!known) return { problem: { code: 'shell-unknown', values: { shell: name } } }
    const values = { shell: name, interpreter: candidates[0] ?? name }
    return { problem: { code: 'interpreter-missing', values } }
  }

  const open = (): RunShells => {
    const mark = `${owner.mark}.${++runs}`
    const family = { marker: markerOf(mark) }
    let forget: (() => void) | undefined
    let unwatch: (() => void) | undefined
    let marks = 0
    const steps = openSteps()
    const askpass = createAskpass(folders, platform)
    const run: RunContext = {
      platform,
      folders,
      graceMs,
      pipes: platform === 'win32' ? undefined : fifoPipes(folders),
      nextMarker: () => ({ name: 'BATON_RUN', value: `${mark}.${++marks}.` }),
      started: (pid) => {
        forget ??= atExit(() => killFamilyNow(family))
        unwatch ??= watchdog?.watch()
        return watchdog?.follow(pid) ?? (() => {})
      },
    }
    const sessions = new Map<string, Session>()
    const beside = new Set<Session>()
    const begin = (shell: SessionShell, interpreter: string, state: CarriedState, terminal?: TerminalSize) =>
      startSession({ shell, interpreter, state, run, assets: options.assets, ...(terminal && { terminal }) })
    /** Interactive steps have a session of their own beside the one of all others: one process has one stdin. */
    const sessionOf = (
      shell: SessionShell,
      interpreter: string,
      state: CarriedState,
      terminal?: TerminalSize,
    ): Session => {
      const key = terminal ? `${interpreter}\0terminal` : interpreter
      const living = sessions.get(key)
      if (living?.alive()) return living
      const session = begin(shell, interpreter, state, terminal)
      sessions.set(key, session)
      return session
    }
    /** A step in the background has a session for itself alone, which ends with it. */
    const runBeside = async (shell: SessionShell, interpreter: string, request: StepRequest): Promise<StepExit> => {
      const session = begin(shell, interpreter, request.state)
      beside.add(session)
      try {
        const exit = await session.run(request)
        return exit.kind === 'refused' ? exit : { ...exit, state: request.state }
      } finally {
        await session.close()
        beside.delete(session)
      }
    }
    const carryOut = async (request: StepRequest): Promise<StepExit> => {
      const { encoding, keyboard } = request
      if (encoding !== undefined && encodingNamed(encoding) === undefined) {
        return { kind: 'refused', problem: { code: 'encoding-unknown', values: { encoding } } }
      }
      const answer = await find(request.shell)
      if ('problem' in answer) return { kind: 'refused', problem: answer.problem }
      const { shell, interpreter } = answer
      if (shell.kind === 'session') {
        if (request.background) return runBeside(shell, interpreter, request)
        return sessionOf(shell, interpreter, request.state, keyboard?.size()).run(request)
      }
      return keyboard
        ? runTerminalStep(shell, interpreter, { ...request, keyboard }, run)
        : runProcessStep(shell, interpreter, request, run)
    }
    const answered = (request: StepRequest) => withAskpass(request, askpass, env, carryOut)
    return {
      run: (request) => steps.run(request, answered),
      warmUp: (name, state) => {
        void find(name).then((answer) => {
          if ('shell' in answer && answer.shell.kind === 'session') sessionOf(answer.shell, answer.interpreter, state)
        })
      },
      close: async () => {
        steps.cancel()
        await Promise.all([...sessions.values(), ...beside].map((session) => session.close()))
        await endFamily(family, graceMs)
        await steps.settled()
        forget?.()
        await askpass.close()
        await run.pipes?.close()
        unwatch?.()
      },
    }
  }

  const secretCommand = async (command: SecretCommand): Promise<SecretCommandExit> => {
    const mark = `${owner.mark}.${++runs}.`
    const unwatch = watchdog?.watch()
    try {
      return await runSecretCommand(command, {
        platform,
        env,
        graceMs,
        nextMarker: () => ({ name: 'BATON_RUN', value: mark }),
        started: (pid) => watchdog?.follow(pid) ?? (() => {}),
      })
    } finally {
      unwatch?.()
    }
  }

  return {
    secretCommand,
    check: async (shell) => {
      const answer = await find(shell)
      return 'problem' in answer ? answer.problem : undefined
    },
    initialState: (cwd) => ({ env, cwd, local: {} }),
    open,
  }
}

type Found = { readonly shell: ShellDescription; readonly interpreter: string } | { readonly problem: ExecutionProblem }
