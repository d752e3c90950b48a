import { constants } from 'node:os'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { execa } from 'execa'
import type { ExecutionProblem } from '../../execution/problem.ts'
import type { CarriedState, StepExit, StepRequest } from '../../execution/shells.ts'
import { outputText } from '../output-text.ts'
import type { PrivateFolder } from '../ownership/private-folder.ts'
import { endFamily, killFamilyNow } from '../process-tree.ts'
import { atExit } from './at-exit.ts'
import { endOn } from './end-on.ts'
import { carriedEnvironment, layered } from './environment.ts'
import { type HandoverChannel, openHandover } from './handover-channel.ts'
import { isFolder } from './interpreter.ts'
import { type Reading, readText } from './output.ts'
import type { OutputPipes } from './output-pipe.ts'
import type { Launch, LaunchContext, ProcessShell, Refusal } from './shell.ts'

/** An environment variable. */
export interface Marker {
  readonly name: string
  readonly value: string
}

/** What the steps of one run share. */
export interface RunContext {
  readonly platform: NodeJS.Platform
  /** Whatever lies on the disk for a moment lies here: it is gone whatever becomes of this process. */
  readonly folders: PrivateFolder
  /** Absent on Windows, which has no FIFOs. */
  readonly pipes: OutputPipes | undefined
  /** What no other process has in its environment, for the next one. */
  nextMarker(): Marker
  readonly graceMs: number
  /** To be called with each first process of a step, and what it returns when that process has ended. */
  started(pid: number): () => void
}

/** Runs a step of a shell that has a process per step. */
export const runProcessStep = async (
  shell: ProcessShell,
  interpreter: string,
  request: StepRequest,
  run: RunContext,
): Promise<StepExit> => {
  if (request.signal.aborted) return { kind: 'cancelled', state: request.state }
  const channel = await openHandover(run.platform)
  let folder: Promise<string> | undefined
  try {
    const prepared = await prepare(shell, request, run.folders, {
      platform: run.platform,
      interpreter,
      handover: channel.target,
      folder: async () => {
        folder ??= run.folders.fresh()
        return folder
      },
    })
    if ('refused' in prepared) return { kind: 'refused', problem: prepared.refused }
    return await carryOut(shell, interpreter, request, prepared, channel, run)
  } finally {
    channel.close()
    const made = await folder?.catch(() => undefined)
    if (made) await run.folders.discard(made)
  }
}

/** What a shell puts into its folder may find no room there. */
export const prepare = async (
  shell: ProcessShell,
  request: StepRequest,
  folders: PrivateFolder,
  context: LaunchContext,
): Promise<Launch | Refusal> => {
  try {
    return await shell.launch(request, context)
  } catch (error) {
    const problem = folderProblem(error, folders)
    if (!problem) throw error
    return { refused: problem }
  }
}

/** Undefined where the error is none of the file system. */
export const folderProblem = (error: unknown, { path }: PrivateFolder): ExecutionProblem | undefined => {
  const reason = error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : undefined
  return reason === undefined ? undefined : { code: 'temp-unwritable', values: { path: dirname(path), reason } }
}

const carryOut = async (
  shell: ProcessShell,
  interpreter: string,
  request: StepRequest,
  launch: Launch,
  channel: HandoverChannel,
  run: RunContext,
): Promise<StepExit> => {
  const cwd = request.cwd ?? request.state.cwd
  const marker = run.nextMarker()
  const granted = layered(request.state.env, request.grants, run.platform)
  const folder: Record<string, string> = run.platform === 'win32' ? {} : { PWD: cwd }
  const pipe = await run.pipes?.take()
  const forErrors = request.apart && pipe ? await run.pipes?.take() : undefined
  const pipes = [pipe, forErrors].filter((one) => one !== undefined)
  // Where there is no second pipe the first one cannot serve both.
  const output = pipe?.writeEnd ?? 'pipe'
  const errors = forErrors?.writeEnd ?? (request.apart ? 'pipe' : output)
  const child = execa(interpreter, launch.args, {
    cwd,
    env: layered(granted, { ...folder, ...launch.env, [marker.name]: marker.value }, run.platform),
    extendEnv: false,
    stdio: ['ignore', output, errors, channel.descriptor ? 'pipe' : 'ignore'],
    buffer: false,
    reject: false,
    cleanup: false,
    detached: run.platform !== 'win32',
    windowsHide: true,
    windowsVerbatimArguments: launch.verbatim ?? false,
  })
  for (const one of pipes) one.closeWriteEnd()
  const { pid } = child
  if (pid === undefined) {
    for (const one of pipes) one.output.destroy()
    return { kind: 'refused', problem: await whyNotStarted(shell, interpreter, cwd, (await child).code) }
  }
  const ended = run.started(pid)
  const family = { root: pid, marker: `${marker.name}=${marker.value}` }
  const forget = atExit(() => killFamilyNow(family))

  const exited = new Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>((resolve) => {
    child.nodeChildProcess.once('exit', (code, signal) => resolve({ code, signal }))
  })
  const head = headOf(1000)
  const text = outputText(request.encoding ?? launch.encoding ?? shell.encoding)
  const streams = [pipe?.output ?? child.stdout, forErrors?.output ?? child.stderr].filter((stream) => stream !== null)
  const readings: Reading[] = streams.map((stream, index) =>
    readText(stream, text.stream(), (piece, utf8) => {
      head.add(piece)
      return request.onOutput(piece, { utf8, ...(request.apart && index > 0 && { from: 'stderr' }) })
    }),
  )
  channel.attach(asReadable(child.nodeChildProcess.stdio[3]))

  const ender = endOn(request, () => endFamily(family, run.graceMs))
  try {
    const end = await Promise.race([exited, ender.ended, ...readings.map((reading) => reading.broken)])
    const [received] = await Promise.all([channel.received(), ...readings.map((reading) => reading.drained())])
    if (ender.why()) await ender.ended
    const why = ender.why()
    // Shells that get SIGTERM hand on what the step did until then.
    const exitCode = end?.signal ? 128 + constants.signals[end.signal] : (end?.code ?? 1)
    const exit = conclude(shell, request, exitCode, received, head.text(), run.platform)
    if (why || !end) return text.exit({ kind: why ?? 'cancelled', state: exit.state })
    return text.exit(end.signal ? { ...exit, signal: end.signal } : exit)
  } catch (error) {
    await endFamily(family, 0)
    throw error
  } finally {
    ender.dispose()
    forget()
    ended()
  }
}

const asReadable = (stream: unknown): Readable | undefined => (stream instanceof Readable ? stream : undefined)

export const conclude = (
  shell: ProcessShell,
  request: StepRequest,
  exitCode: number,
  received: Buffer,
  printed: string,
  platform: NodeJS.Platform,
): Extract<StepExit, { readonly kind: 'exited' }> => {
  const handover = shell.readHandover(received, request)
  if (handover?.kind === 'syntax-error') {
    const problem = syntaxError(request, printed)
    return { kind: 'exited', exitCode: exitCode || 2, state: request.state, problem }
  }
  const handsOn = handover !== undefined && !request.background
  return { kind: 'exited', exitCode, state: handsOn ? carried(shell, request, handover, platform) : request.state }
}

const carried = (
  shell: ProcessShell,
  request: StepRequest,
  handover: { readonly env: Readonly<Record<string, string>>; readonly cwd: string; readonly local?: string },
  platform: NodeJS.Platform,
): CarriedState => ({
  env: carriedEnvironment(handover.env, request.state.env, request.grants, platform),
  cwd: handover.cwd,
  local: handover.local === undefined ? request.state.local : { ...request.state.local, [shell.name]: handover.local },
})

/** Every shell writes the line after the file's name: `joining.md: line 42:`, `joining.md:42`, `"joining.md", line 42`. */
export const syntaxError = ({ place }: StepRequest, printed: string): ExecutionProblem => {
  const after = printed.slice(printed.indexOf(place.file) + place.file.length)
  const line = /^\D{0,12}?(\d+)/.exec(after)?.[1] ?? String(place.line)
  return { code: 'syntax-error', values: { place: `${place.file}:${line}`, detail: printed.trim() } }
}

export const headOf = (length: number) => {
  let text = ''
  return {
    add: (more: string) => {
      if (text.length < length) text = (text + more).slice(0, length)
    },
    text: () => text,
  }
}

const whyNotStarted = async (
  shell: ProcessShell,
  interpreter: string,
  cwd: string,
  code: string | undefined,
): Promise<ExecutionProblem> => {
  if (!(await isFolder(cwd))) return { code: 'cwd-missing', values: { path: cwd } }
  if (code === 'E2BIG' || code === 'ENAMETOOLONG') return { code: 'step-too-long', values: { shell: shell.name } }
  return { code: 'interpreter-missing', values: { shell: shell.name, interpreter } }
}
