import { type ChildProcess, fork } from 'node:child_process'
import type { SecretFailure } from '../../secrets/store.ts'
import type { HelperReply, HelperRequest } from './helper-message.ts'

export interface HelperOptions {
  /** Entry of the helper: absolute path of a file that node can run. */
  readonly helperFile: string
  /** Folder that holds keytar's `prebuilds`. */
  readonly keytarPath: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** How long one request may take. */
  readonly timeoutMs: number
  /** How long a helper with nothing to do is kept. */
  readonly idleMs: number
}

/** Answers one request at a time from a process of its own, which is started when the first comes. */
export interface HelperProcess {
  /**
   * Never rejects. The helper is killed when the time is up, and a new one serves the next request. What waited meanwhile is
   * answered as well: each would open one more prompt, and wait as long for it.
   */
  ask(request: Question): Promise<HelperReply>
  /** Ends the helper; what is asked now or waits is answered with a failure. */
  dispose(): void
}

type Question = HelperRequest extends infer Request ? (Request extends unknown ? Omit<Request, 'id'> : never) : never

export function createHelperProcess(options: HelperOptions): HelperProcess {
  let child: ChildProcess | undefined
  let idle: NodeJS.Timeout | undefined
  let last: Promise<unknown> = Promise.resolve()
  let disposed = false
  let ids = 0
  /** The requests up to this one waited while another one got no answer. */
  let givenUpTo = 0

  return {
    ask(question) {
      const id = ++ids
      const reply = last.then(() => askNow({ ...question, id }))
      last = reply
      return reply
    },
    dispose() {
      disposed = true
      end()
    },
  }

  async function askNow(request: HelperRequest): Promise<HelperReply> {
    clearTimeout(idle)
    if (disposed) return failed(request.id, 'failed', 'The keychain was closed')
    if (request.id <= givenUpTo) return failed(request.id, 'busy', 'Another question got no answer')
    let helper: ChildProcess
    try {
      helper = child ?? start()
    } catch (error) {
      return failed(request.id, 'failed', String(error))
    }
    child = helper
    const reply = await exchange(helper, request)
    if (child === helper) {
      // Ending the channel ends the helper; the one who asks next starts another.
      idle = setTimeout(end, options.idleMs)
      idle.unref()
    }
    return reply
  }

  function start(): ChildProcess {
    const helper = fork(options.helperFile, [options.keytarPath], {
      // Never the parent's --inspect or --require, nor what a terminal's debugger put into NODE_OPTIONS.
      execArgv: [],
      env: {
        ...options.env,
        NODE_OPTIONS: undefined,
        // libsecret's sentences are told apart in English.
        LC_ALL: 'C.UTF-8',
        LANGUAGE: undefined,
        // Inside Electron this makes its binary run as node.
        ...(process.versions.electron ? { ELECTRON_RUN_AS_NODE: '1' } : {}),
      },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // The tools that it asks with may wait for ever: they are of its group, and end with it.
      detached: hasGroups,
    })
    // A command that is done must be able to end while the helper idles; a request keeps the parent alive by its timer.
    helper.unref()
    helper.channel?.unref()
    helper.on('exit', () => forget(helper))
    helper.on('error', () => forget(helper))
    return helper
  }

  function exchange(helper: ChildProcess, request: HelperRequest): Promise<HelperReply> {
    return new Promise((resolve) => {
      const settle = (reply: HelperReply) => {
        clearTimeout(timer)
        helper.off('message', onMessage)
        helper.off('exit', onExit)
        helper.off('error', onError)
        resolve(reply)
      }
      const abandon = (code: SecretFailure['code'], detail: string) => {
        forget(helper)
        endAtOnce(helper)
        settle(failed(request.id, code, detail))
      }
      const onMessage = (reply: HelperReply) => {
        if (reply.id === request.id) settle(reply)
      }
      const onExit = (code: number | null, signal: string | null) =>
        abandon('failed', `The keychain helper ended: ${signal ?? code}`)
      const onError = (error: Error) => abandon('failed', error.message)
      const timer = setTimeout(() => {
        givenUpTo = ids
        abandon('timeout', `No answer within ${options.timeoutMs} ms`)
      }, options.timeoutMs)
      helper.on('message', onMessage)
      helper.on('exit', onExit)
      helper.on('error', onError)
      helper.send(request, (error) => {
        if (error) onError(error)
      })
    })
  }

  function forget(helper: ChildProcess): void {
    if (child === helper) child = undefined
  }

  function end(): void {
    clearTimeout(idle)
    if (child?.connected) child.disconnect()
    // A stopped or hanging process would not notice the end of the channel.
    if (disposed && child) endAtOnce(child)
    child = undefined
  }
}

/** Windows has no process groups, and the helper starts nothing there. */
const hasGroups = process.platform !== 'win32'

function endAtOnce(helper: ChildProcess): void {
  try {
    if (hasGroups && helper.pid !== undefined) process.kill(-helper.pid, 'SIGKILL')
    else helper.kill('SIGKILL')
  } catch {
    // Nothing of it runs any more.
  }
}

function failed(id: number, code: SecretFailure['code'], detail: string): HelperReply {
  return { id, kind: 'failed', failure: { code, detail } }
}
