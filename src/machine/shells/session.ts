import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ExecutionProblem } from '../../execution/problem.ts'
import type { CarriedState, StepExit, StepRequest, TerminalSize } from '../../execution/shells.ts'
import { streamDecoder } from '../decode.ts'
import { endFamily, killFamilyNow, type ProcessFamily } from '../process-tree.ts'
import { atExit } from './at-exit.ts'
import { type ControlPipe, openControlPipe } from './control-pipe.ts'
import { endOn } from './end-on.ts'
import { layered } from './environment.ts'
import { isFolder } from './interpreter.ts'
import { type MarkedOutput, markedOutput } from './marked-output.ts'
import { type Reading, readBytes } from './output.ts'
import { folderProblem, type RunContext } from './process-step.ts'
import { type SessionConsole, sessionConsole } from './session-console.ts'
import { greeting } from './session-greeting.ts'
import { type Answer, encodeMessage } from './session-message.ts'
import { onPipes, onTerminal } from './session-process.ts'
import { sessionState } from './session-state.ts'
import type { SessionShell } from './shell.ts'
import type { Terminal } from './terminal.ts'

/** How long a cancelled step may hold its session. */
const stopMs = 5000
/** How long after its answer a step's last output may stay away, when something keeps the stream from the host. */
const outputMs = 1000
/** How long a session may take to leave by itself. */
const closeMs = 500
/** So much of what a session that does not come up prints says why. */
const longestReason = 10_000
/** How long nothing more must come of a step where no mark says that all came. */
const quietMs = 200

/** A live process that takes one step after the other. */
export interface Session {
  /** Whether it can take another step. */
  alive(): boolean
  run(request: StepRequest): Promise<StepExit>
  close(): Promise<void>
}

export interface SessionOptions {
  readonly shell: SessionShell
  readonly interpreter: string
  readonly assets: string
  readonly state: CarriedState
  readonly run: RunContext
  /** Steps run at a pseudo-terminal, at first of this size, and an operator types there. */
  readonly terminal?: TerminalSize
}

/** Starts a session. It is returned at once; a session that does not come up says so when it is given a step. */
export const startSession = (options: SessionOptions): Session => {
  const { shell, interpreter, run } = options
  const beginning = Buffer.from(`\u0001${randomBytes(16).toString('hex')}`)
  let steps = 0
  const state = sessionState(options.state.env, run.platform)
  let alive = true
  let closed = false
  let terminal: Terminal | undefined
  // A Windows console draws what it is given anew: a mark would not come out as it went in.
  const hasMarks = !options.terminal || run.platform !== 'win32'
  let pid: number | undefined
  let forget = () => {}
  let socket: Socket | undefined
  let answered: (answer: Answer) => void = () => {}
  let takers: readonly ((bytes: Buffer) => Promise<void> | undefined)[] = []
  const readings: Reading[] = []
  let lastOutputAt = 0
  let printed = ''
  let exited: Promise<number | undefined> = Promise.resolve(undefined)
  const marker = run.nextMarker()
  const family = (): ProcessFamily => ({
    ...(pid !== undefined && { root: pid }),
    marker: `${marker.name}=${marker.value}`,
  })

  const start = async (): Promise<ExecutionProblem | undefined> => {
    let control: ControlPipe
    try {
      control = await openControlPipe(run.platform, run.folders)
    } catch (error) {
      alive = false
      const problem = folderProblem(error, run.folders)
      if (problem) return problem
      throw error
    }
    const command = {
      shell: shell.name,
      interpreter,
      args: shell.args(join(options.assets, shell.host), control.name, options.terminal !== undefined),
      cwd: options.state.cwd,
      env: layered(options.state.env, { [marker.name]: marker.value }, run.platform),
      run,
    }
    const notStarted = async (problem: ExecutionProblem) => {
      alive = false
      await control.close()
      return problem
    }
    if (closed) return notStarted({ code: 'session-ended', values: { shell: shell.name } })
    const begun = options.terminal ? await onTerminal(command, options.terminal) : await onPipes(command)
    if ('code' in begun) return notStarted(begun)
    pid = begun.pid
    terminal = begun.terminal
    exited = begun.exited
    void exited.then(() => {
      alive = false
      forget()
    })
    const beforeHello = streamDecoder()
    for (const [index, stream] of begun.streams.entries()) {
      const reading = readBytes(stream, (bytes) => {
        lastOutputAt = performance.now()
        if (!socket && printed.length < longestReason) printed += beforeHello.write(bytes)
        return takers[index]?.(bytes)
      })
      readings.push(reading)
    }
    const ended = run.started(pid)
    void exited.then(ended)
    forget = atExit(() => killFamilyNow(family()))
    const first = await greeting(control, exited, (answer) => answered(answer))
    if (first.kind === 'greeted') socket = first.socket
    await control.close()
    if (first.kind === 'greeted') return undefined
    alive = false
    if (first.kind === 'late') await endFamily(family(), 0)
    else await Promise.all(readings.map((reading) => reading.drained()))
    const problem = shell.notStarted?.(printed)
    if (problem) return problem
    // An empty shell such as Wine's powershell.exe does nothing and calls that a success.
    if (first.kind === 'exited' && first.code === 0 && printed.trim() === '') {
      return { code: 'interpreter-unusable', values: { shell: shell.name, interpreter } }
    }
    return { code: 'session-not-started', values: { shell: shell.name, detail: printed.trim() } }
  }
  const ready = start()
  ready.catch(() => {})

  const send = (word: string, fields: readonly string[] = []) => socket?.write(encodeMessage(word, fields))

  /** What a step started, but not the session itself nor what earlier steps left running. */
  const familyOfStep = (stepMarker: string): ProcessFamily =>
    run.platform === 'linux' || pid === undefined
      ? { marker: stepMarker }
      : { root: pid, spare: pid, marker: stepMarker }

  const outputOf = async (marked: MarkedOutput): Promise<void> => {
    lastOutputAt = performance.now()
    const longest = hasMarks ? outputMs : quietMs
    const silent = (async () => {
      while (performance.now() - lastOutputAt < longest) await sleep(longest / 10, undefined, { ref: false })
    })()
    await Promise.race([marked.complete, silent])
    await marked.end()
    takers = []
  }

  let interrupt = () => {}

  const runStep = async (request: StepRequest, seat: SessionConsole): Promise<StepExit> => {
    const cwd = request.cwd ?? request.state.cwd
    if (!(await isFolder(cwd))) return { kind: 'refused', problem: { code: 'cwd-missing', values: { path: cwd } } }
    const stepMarker = run.nextMarker()
    const streamCount = readings.length
    let failure: { readonly error: unknown } | undefined
    const mark = { beginning, rest: Buffer.from(`${String(++steps).padStart(10, '0')}\u0001`) }
    const marked = markedOutput(mark, 2, request.encoding, async (text) => {
      if (failure) return
      try {
        await seat.write(text)
      } catch (error) {
        failure = { error }
      }
    })
    takers = Array.from({ length: streamCount }, () => marked.stream())
    const answer = new Promise<Answer>((resolve) => {
      answered = resolve
    })
    send('run', state.message(request, stepMarker, hasMarks ? Buffer.concat([beginning, mark.rest]).toString() : ''))
    const stopped = Promise.withResolvers<'stuck'>()
    interrupt = () => {
      send('cancel')
      seat.release()
    }
    const ender = endOn(request, async () => {
      interrupt()
      await endFamily(familyOfStep(`${stepMarker.name}=${stepMarker.value}`), run.graceMs)
      await Promise.race([answer, exited, sleep(stopMs, undefined, { ref: false })])
      stopped.resolve('stuck')
    })
    try {
      const end = await Promise.race([
        answer,
        exited,
        stopped.promise.then(() => Promise.race([answer, 'stuck' as const])),
      ])
      if (end === 'stuck' || end === undefined || typeof end === 'number') {
        alive = false
        await endFamily(family(), 0)
        await Promise.all(readings.map((reading) => reading.drained()))
        await marked.end()
        await seat.end()
        const problem: ExecutionProblem = { code: 'session-ended', values: { shell: shell.name } }
        const why = ender.why()
        if (why) return marked.exit({ kind: why, state: request.state, problem })
        const exitCode = typeof end === 'number' ? end || 1 : 1
        return marked.exit({ kind: 'exited', exitCode, state: request.state, problem })
      }
      await outputOf(marked)
      await seat.end()
      if (ender.why()) await ender.ended
      if (failure) throw failure.error
      const after = state.carried(request, end)
      const why = ender.why()
      if (why) return marked.exit({ kind: why, state: after })
      if (end.how === 'stopped') return marked.exit({ kind: 'cancelled', state: after })
      const problem: ExecutionProblem | undefined =
        end.how === 'syntax' ? { code: 'syntax-error', values: { place: end.place, detail: end.detail } } : undefined
      return marked.exit({ kind: 'exited', exitCode: end.code, state: after, ...(problem && { problem }) })
    } finally {
      ender.dispose()
      interrupt = () => {}
    }
  }

  return {
    alive: () => alive,
    run: async (request) => {
      if (request.signal.aborted) return { kind: 'cancelled', state: request.state }
      const cancelled = new Promise<'cancelled'>((resolve) => {
        request.signal.addEventListener('abort', () => resolve('cancelled'), { once: true })
      })
      const seat = sessionConsole(
        request,
        () => terminal,
        () => interrupt(),
      )
      // What the session's program asks its terminal at the start is answered by whoever shows it.
      if (request.keyboard && !socket) takers = [(bytes) => seat.write(bytes.toString())]
      try {
        const problem = await Promise.race([ready, cancelled])
        if (problem === 'cancelled') return { kind: 'cancelled', state: request.state }
        if (problem) return { kind: 'refused', problem }
        return await runStep(request, seat)
      } finally {
        seat.dispose()
      }
    },
    close: async () => {
      closed = true
      alive = false
      socket?.destroy()
      // One that is still starting is not waited for.
      await Promise.race([ready.catch(() => {}), sleep(closeMs)])
      await Promise.race([exited, sleep(closeMs)])
      await endFamily(family(), run.graceMs)
      terminal?.close()
      forget()
    },
  }
}
