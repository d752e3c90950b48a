import type { Readable } from 'node:stream'
import { execa } from 'execa'
import type { SecretCommand, SecretCommandExit } from '../../execution/run-api.ts'
import { secretCommandLimits } from '../../execution/secret-command.ts'
import { outputText } from '../output-text.ts'
import { endFamily, killFamilyNow } from '../process-tree.ts'
import { atExit } from './at-exit.ts'
import { endOn } from './end-on.ts'
import { readBytes } from './output.ts'
import type { RunContext } from './process-step.ts'

/** Of what it says on stderr so much is looked at: the first line gives the reason. */
const longestReason = 4096

export interface SecretCommandContext extends Pick<RunContext, 'platform' | 'graceMs' | 'nextMarker' | 'started'> {
  /** The operator's. */
  readonly env: Readonly<Record<string, string>>
  readonly timeoutMs?: number
}

/**
 * Runs a command that prints a secret: by `/bin/sh -c`, on Windows by `cmd.exe /d /s /c`, without stdin. Nothing of it is
 * written anywhere. What it leaves running when it ends by itself lives on, since it may be an agent that password managers
 * share; a command that is ended early is ended with everything that it started.
 */
export const runSecretCommand = async (
  { command, folder, signal }: SecretCommand,
  context: SecretCommandContext,
): Promise<SecretCommandExit> => {
  if (signal.aborted) return { kind: 'cancelled' }
  const { platform, env, graceMs, timeoutMs = secretCommandLimits.timeoutMs } = context
  const marker = context.nextMarker()
  const windows = platform === 'win32'
  const child = execa(
    windows ? (env.ComSpec ?? env.COMSPEC ?? 'cmd.exe') : '/bin/sh',
    windows ? ['/d', '/s', '/c', `"${command}"`] : ['-c', command],
    {
      cwd: folder,
      env: {
        ...env,
        // A program of this name in the runbook's folder is not the one that was meant.
        ...(windows ? { NoDefaultCurrentDirectoryInExePath: '1' } : { PWD: folder }),
        [marker.name]: marker.value,
      },
      extendEnv: false,
      stdio: ['ignore', 'pipe', 'pipe'],
      buffer: false,
      reject: false,
      cleanup: false,
      detached: !windows,
      windowsHide: true,
      windowsVerbatimArguments: true,
    },
  )
  const { pid } = child
  if (pid === undefined) {
    const { code, message } = await child
    return { kind: 'exited', exitCode: code === 'ENOENT' ? 127 : 126, stdout: '', stderr: message ?? '' }
  }
  const ended = context.started(pid)
  const family = { root: pid, marker: `${marker.name}=${marker.value}` }
  const forget = atExit(() => killFamilyNow(family))
  const exited = new Promise<number>((resolve) => {
    child.nodeChildProcess.once('exit', (code) => resolve(code ?? 1))
  })
  const tooLong = new AbortController()
  const stop = AbortSignal.any([signal, tooLong.signal])
  const stdout = kept(child.stdout, secretCommandLimits.bytes, () => tooLong.abort())
  const stderr = kept(child.stderr, longestReason)
  const ender = endOn({ signal: stop, timeoutMs }, () => endFamily(family, graceMs))
  try {
    const exitCode = await Promise.race([exited, ender.ended])
    await Promise.all([stdout.drained(), stderr.drained()])
    if (ender.why()) await ender.ended
    if (tooLong.signal.aborted) return { kind: 'too-long' }
    const why = ender.why()
    if (why) return { kind: why }
    return { kind: 'exited', exitCode: exitCode ?? 1, stdout: stdout.text(), stderr: stderr.text() }
  } finally {
    ender.dispose()
    forget()
    ended()
  }
}

/** The beginning of what a stream gives, which is read to its end. */
const kept = (stream: Readable, limit: number, onMore = () => {}) => {
  const chunks: Buffer[] = []
  let length = 0
  const reading = readBytes(stream, (bytes) => {
    const room = limit - length
    length += bytes.length
    if (room > 0) chunks.push(bytes.subarray(0, room))
    if (length > limit) onMore()
  })
  return {
    drained: reading.drained,
    text: () => {
      const decoder = outputText(undefined).stream()
      return decoder.write(Buffer.concat(chunks)) + decoder.end()
    },
  }
}
