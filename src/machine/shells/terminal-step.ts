import { constants } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { ExecaError } from 'execa'
import type { ExecutionProblem } from '../../execution/problem.ts'
import type { Keyboard, StepExit, StepRequest } from '../../execution/shells.ts'
import { outputText } from '../output-text.ts'
import { endFamily, killFamilyNow } from '../process-tree.ts'
import { atExit } from './at-exit.ts'
import { endOn } from './end-on.ts'
import { layered } from './environment.ts'
import { openHandover } from './handover-channel.ts'
import { isFolder } from './interpreter.ts'
import { readText } from './output.ts'
import { conclude, folderProblem, headOf, prepare, type RunContext } from './process-step.ts'
import { type Launch, lastHandover, type ProcessShell } from './shell.ts'
import { openTerminal, type Terminal, terminalName } from './terminal.ts'
import { openTerminalChannel } from './terminal-channel.ts'
import { receptionAt } from './terminal-reception.ts'
import { terminalText } from './terminal-text.ts'

/** How long a terminal's first process may take to go when nothing of the step runs any more. */
const leaveMs = 1000

type InteractiveRequest = StepRequest & { readonly keyboard: Keyboard }

/** Runs a step of a shell that has a process per step at a pseudo-terminal. */
export const runTerminalStep = async (
  shell: ProcessShell,
  interpreter: string,
  asked: InteractiveRequest,
  run: RunContext,
): Promise<StepExit> => {
  const { platform } = run
  if (asked.signal.aborted) return { kind: 'cancelled', state: asked.state }
  const cwd = asked.cwd ?? asked.state.cwd
  if (!(await isFolder(cwd))) return { kind: 'refused', problem: { code: 'cwd-missing', values: { path: cwd } } }
  // The terminal's name is for the step alone, as if it had been granted.
  const request = platform === 'win32' ? asked : { ...asked, grants: { TERM: terminalName, ...asked.grants } }
  let folder: string | undefined
  let channel: Channel | undefined
  try {
    folder = await run.folders.fresh()
    channel = await openChannel(platform, folder)
    const made = folder
    const launch = await prepare(shell, request, run.folders, {
      platform,
      interpreter,
      handover: channel.handover,
      folder: () => Promise.resolve(made),
    })
    if ('refused' in launch) return { kind: 'refused', problem: launch.refused }
    return await carryOut(shell, interpreter, request, launch, channel, cwd, run)
  } catch (error) {
    const problem = channel ? undefined : noChannel(error, run)
    if (problem) return { kind: 'refused', problem }
    throw error
  } finally {
    channel?.close()
    if (folder) await run.folders.discard(folder)
  }
}

/** What keeps a terminal's own files from being made: a full disk, or a system without `mkfifo`. */
const noChannel = (error: unknown, run: RunContext): ExecutionProblem | undefined => {
  if (!(error instanceof ExecaError)) return folderProblem(error, run.folders)
  return { code: 'terminal-missing', values: { detail: error.shortMessage } }
}

const openChannel = async (platform: NodeJS.Platform, folder: string) => {
  if (platform !== 'win32') {
    const channel = await openTerminalChannel(folder)
    return { ...channel, handover: { kind: 'descriptor', fd: 3 } as const }
  }
  // A console keeps what was printed until it was read: nothing has to stand between.
  const { target, received, close } = await openHandover(platform)
  return { handover: target, received, close, filter: undefined, args: undefined, ended: new Promise<never>(() => {}) }
}

type Channel = Awaited<ReturnType<typeof openChannel>>

const carryOut = async (
  shell: ProcessShell,
  interpreter: string,
  request: InteractiveRequest,
  launch: Launch,
  channel: Channel,
  cwd: string,
  run: RunContext,
): Promise<StepExit> => {
  const { platform } = run
  const { keyboard } = request
  const marker = run.nextMarker()
  const granted = layered(request.state.env, request.grants, platform)
  const terminal = await openTerminal({
    program: channel.args ? '/bin/sh' : interpreter,
    args: channel.args?.(interpreter, launch.args) ?? (launch.verbatim ? launch.args.join(' ') : launch.args),
    cwd,
    env: layered(granted, { ...launch.env, [marker.name]: marker.value }, platform),
    size: keyboard.size(),
    ...(channel.filter && { filter: channel.filter }),
  })
  if ('missing' in terminal) {
    const problem: ExecutionProblem = { code: 'terminal-missing', values: { detail: terminal.missing } }
    return { kind: 'refused', problem }
  }
  const ended = run.started(terminal.pid)
  const family = { root: terminal.pid, marker: `${marker.name}=${marker.value}` }
  const forget = atExit(() => killFamilyNow(family))
  const head = headOf(1000)
  const text = terminalText(keyboard, (output, about) => {
    if (!about?.isDoubtful) head.add(output)
    return request.onOutput(output, about)
  })
  const output = outputText(request.encoding ?? (platform === 'win32' ? 'utf-8' : (launch.encoding ?? shell.encoding)))
  const reading = readText(terminal.output, output.stream(), text.write)
  const silence = listen(keyboard, terminal, (keys) => text.typed(keys, () => receptionAt(terminal)))
  const ender = endOn(request, () => endFamily(family, run.graceMs))
  try {
    const exit = await Promise.race([
      channel.ended.then((code) => ({ code, signal: undefined })),
      terminal.exited,
      ender.ended,
      reading.broken,
    ])
    await reading.drained()
    await text.end()
    if (ender.why()) await ender.ended
    await Promise.race([terminal.exited, sleep(leaveMs, undefined, { ref: false })])
    const received = await channel.received()
    const why = ender.why()
    const { code, signal } = signalled(exit, lastHandover(received) !== undefined)
    const done = conclude(shell, request, code, received, head.text(), platform)
    if (why || !exit) return output.exit({ kind: why ?? 'cancelled', state: done.state })
    return output.exit(signal ? { ...done, signal } : done)
  } catch (error) {
    await endFamily(family, 0)
    throw error
  } finally {
    silence()
    ender.dispose()
    terminal.close()
    forget()
    ended()
  }
}

/** @returns ends the listening */
const listen = (keyboard: Keyboard, terminal: Terminal, typed: (keys: string) => void): (() => void) => {
  const ends = [
    keyboard.onKeys((keys) => {
      typed(keys)
      terminal.write(keys)
    }),
    keyboard.onResize((size) => terminal.resize(size)),
  ]
  return () => {
    for (const end of ends) end()
  }
}

/** A shell says 128 + its number of a signal that ended its program; so may a program, which then hands its state on. */
const signalled = (
  exit: { readonly code: number; readonly signal: number | undefined } | undefined,
  handedOn: boolean,
): { readonly code: number; readonly signal?: string } => {
  const code = exit?.code ?? 1
  const number = exit?.signal ?? (code > 128 && !handedOn ? code - 128 : undefined)
  const name = Object.entries(constants.signals).find(([, value]) => value === number)?.[0]
  return name && number !== undefined ? { code: 128 + number, signal: name } : { code }
}
