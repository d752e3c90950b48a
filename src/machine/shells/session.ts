import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import type { ExecutionProblem } from '../../execution/problem.ts'
import type { CarriedState, StepExit, StepRequest } from '../../execution/shells.ts'
import { endFamily, killFamilyNow, type ProcessFamily } from '../process-tree.ts'
import { atExit } from './at-exit.ts'
import { openControlPipe } from './control-pipe.ts'
import { endOn } from './end-on.ts'
import { carriedEnvironment, layered } from './environment.ts'
import { isFolder } from './interpreter.ts'
import { type MarkedOutput, markedOutput } from './marked-output.ts'
import { type Reading, readBytes } from './output.ts'
import type { Marker, RunContext } from './process-step.ts'
import { type Answer, counted, encodeMessage, readAnswer, readMessages } from './session-message.ts'
import type { SessionShell } from './shell.ts'

/** How long a session may take to come up: Windows PowerShell on a cold, busy PC needs many seconds. */
const startMs = 60_000
/** How long a cancelled step may hold its session. */
const stopMs = 5000
/** How long after its answer a step's last output may stay away, when something keeps the stream from the host. */
const outputMs = 1000

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
}

/** Starts a session. It is returned at once; a session that does not come up says so when it is given a step. */
export const startSession = (options: SessionOptions): Session => {
  const { shell, interpreter, run } = options
  const beginning = Buffer.from(`\u0001${randomBytes(16).toString('hex')}`)
  let steps = 0
  let seen = options.state.env
  let alive = true
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
    const control = await openControlPipe(run.platform, run.folders)
    const pipe = await run.pipes?.take()
    const output = pipe?.writeEnd ?? 'pipe'
    const child = execa(interpreter, shell.args(join(options.assets, shell.host), control.name), {
      cwd: options.state.cwd,
      env: layered(seen, { [marker.name]: marker.value }, run.platform),
      extendEnv: false,
      stdio: ['ignore', output, output],
      buffer: false,
      reject: false,
      cleanup: false,
      detached: run.platform !== 'win32',
      windowsHide: true,
    })
    pipe?.closeWriteEnd()
    const streams = pipe ? [pipe.output] : [child.stdout, child.stderr].filter((stream) => stream !== null)
    exited = new Promise((resolve) => {
      child.nodeChildProcess.once('exit', (code) => resolve(code ?? undefined))
      child.nodeChildProcess.once('error', () => resolve(undefined))
    })
    void exited.then(() => {
      alive = false
      forget()
    })
    for (const [index, stream] of streams.entries()) {
      const reading = readBytes(stream, (bytes) => {
        lastOutputAt = performance.now()
        const take = takers[index]
        if (take) return take(bytes)
        if (!socket) printed += bytes.toString()
      })
      readings.push(reading)
    }
    pid = child.pid
    if (pid === undefined) {
      alive = false
      await control.close()
      return { code: 'session-not-started', values: { shell: shell.name, detail: String((await child).code ?? '') } }
    }
    const ended = run.started(pid)
    void exited.then(ended)
    forget = atExit(() => killFamilyNow(family()))
    const waiting = new AbortController()
    const greeted = control.connected.then(
      (connection) =>
        new Promise<'greeted'>((resolve) => {
          readMessages(connection, (fields) => {
            if (fields[0] === 'hello') {
              socket = connection
              resolve('greeted')
            } else if (fields[0] === 'done') answered(readAnswer(fields))
          })
        }),
    )
    const first = await Promise.race([
      greeted,
      exited.then((code) => ({ code })),
      sleep(startMs, 'late' as const, { signal: waiting.signal, ref: false }).catch(() => 'late' as const),
    ])
    waiting.abort()
    await control.close()
    if (first === 'greeted') return undefined
    alive = false
    if (first === 'late') await endFamily(family(), 0)
    else await Promise.all(readings.map((reading) => reading.drained()))
    // An empty shell such as Wine's powershell.exe does nothing and calls that a success.
    if (first !== 'late' && first.code === 0 && printed.trim() === '') {
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

  const carried = (request: StepRequest, answer: Answer): CarriedState => {
    const unset = new Set(answer.unset)
    const kept = Object.entries(request.state.env).filter(([name]) => !unset.has(name))
    const after = layered(Object.fromEntries(kept), answer.set, run.platform)
    const env = carriedEnvironment(after, request.state.env, request.grants, run.platform)
    seen = env
    return { ...request.state, env, cwd: answer.cwd }
  }

  const message = (request: StepRequest, stepMarker: Marker, mark: string): readonly string[] => {
    const { env } = request.state
    const set = Object.fromEntries(Object.entries(env).filter(([name, value]) => seen[name] !== value))
    const unset = Object.keys(seen).filter((name) => env[name] === undefined)
    seen = env
    return [
      mark,
      request.errors,
      request.place.file,
      String(request.place.line),
      request.cwd ?? request.state.cwd,
      request.text,
      ...counted({ ...set, [stepMarker.name]: stepMarker.value }),
      String(unset.length),
      ...unset,
      ...counted(request.grants),
    ]
  }

  const outputOf = async (marked: MarkedOutput): Promise<void> => {
    lastOutputAt = performance.now()
    const silent = (async () => {
      while (performance.now() - lastOutputAt < outputMs) await sleep(100, undefined, { ref: false })
    })()
    await Promise.race([marked.complete, silent])
    await marked.end()
    takers = []
  }

  const runStep = async (request: StepRequest): Promise<StepExit> => {
    const cwd = request.cwd ?? request.state.cwd
    if (!(await isFolder(cwd))) return { kind: 'refused', problem: { code: 'cwd-missing', values: { path: cwd } } }
    const stepMarker = run.nextMarker()
    const streamCount = run.pipes ? 1 : 2
    let failure: { readonly error: unknown } | undefined
    const mark = { beginning, rest: Buffer.from(`${String(++steps).padStart(10, '0')}\u0001`) }
    const marked = markedOutput(mark, 2, request.encoding, async (text) => {
      if (failure) return
      try {
        await request.onOutput(text)
      } catch (error) {
        failure = { error }
      }
    })
    takers = Array.from({ length: streamCount }, () => marked.stream())
    const answer = new Promise<Answer>((resolve) => {
      answered = resolve
    })
    send('run', message(request, stepMarker, Buffer.concat([beginning, mark.rest]).toString()))
    const stopped = Promise.withResolvers<'stuck'>()
    const ender = endOn(request, async () => {
      send('cancel')
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
        const problem: ExecutionProblem = { code: 'session-ended', values: { shell: shell.name } }
        const why = ender.why()
        if (why) return marked.exit({ kind: why, state: request.state, problem })
        const exitCode = typeof end === 'number' ? end || 1 : 1
        return marked.exit({ kind: 'exited', exitCode, state: request.state, problem })
      }
      await outputOf(marked)
      if (ender.why()) await ender.ended
      if (failure) throw failure.error
      const state = carried(request, end)
      const why = ender.why()
      if (why) return marked.exit({ kind: why, state })
      if (end.how === 'stopped') return marked.exit({ kind: 'cancelled', state })
      const problem: ExecutionProblem | undefined =
        end.how === 'syntax' ? { code: 'syntax-error', values: { place: end.place, detail: end.detail } } : undefined
      return marked.exit({ kind: 'exited', exitCode: end.code, state, ...(problem && { problem }) })
    } finally {
      ender.dispose()
    }
  }

  return {
    alive: () => alive,
    run: async (request) => {
      if (request.signal.aborted) return { kind: 'cancelled', state: request.state }
      const cancelled = new Promise<'cancelled'>((resolve) => {
        request.signal.addEventListener('abort', () => resolve('cancelled'), { once: true })
      })
      const problem = await Promise.race([ready, cancelled])
      if (problem === 'cancelled') return { kind: 'cancelled', state: request.state }
      if (problem) return { kind: 'refused', problem }
      return runStep(request)
    },
    close: async () => {
      await ready.catch(() => {})
      alive = false
      socket?.destroy()
      await Promise.race([exited, sleep(500)])
      await endFamily(family(), run.graceMs)
      forget()
    },
  }
}
