import { execFile } from 'node:child_process'

/** One call of the Secret Service, as each tool of D-Bus wants it. */
export interface ServiceCall {
  readonly object: string
  /** Interface and method. */
  readonly method: readonly [string, string]
  readonly dbusSend: readonly string[]
  readonly busctl: readonly string[]
  readonly gdbus: readonly string[]
}

export type ServiceAnswer =
  | { readonly kind: 'answer'; readonly text: string }
  /** `text` is the tool's own error. */
  | { readonly kind: 'failed'; readonly text: string }
  | { readonly kind: 'no-tool' }

const SERVICE = 'org.freedesktop.secrets'

/**
 * Calls the Secret Service (version 0.2 of its API) without libsecret, which opens a prompt wherever something is locked.
 * One of the tools is wherever a session bus is: dbus-send comes with D-Bus, busctl with systemd, gdbus with GLib.
 */
export async function callSecretService(call: ServiceCall): Promise<ServiceAnswer> {
  const { object, method } = call
  const tools: readonly (readonly [string, ...string[]])[] = [
    [
      'dbus-send',
      ...['--session', '--print-reply=literal', '--reply-timeout=2000', `--dest=${SERVICE}`, object],
      ...[method.join('.'), ...call.dbusSend],
    ],
    ['busctl', '--user', '--timeout=2', 'call', SERVICE, object, ...method, ...call.busctl],
    [
      'gdbus',
      ...['call', '--session', '--timeout=2', '--dest', SERVICE, '--object-path', object],
      ...['--method', method.join('.'), ...call.gdbus],
    ],
  ]
  for (const [command, ...args] of tools) {
    const answer = await run(command, args)
    if (answer.kind !== 'no-tool') return answer
  }
  return { kind: 'no-tool' }
}

function run(command: string, args: readonly string[]): Promise<ServiceAnswer> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: 2_500 }, (error, stdout, stderr) => {
      if (error?.code === 'ENOENT') resolve({ kind: 'no-tool' })
      else if (error) resolve({ kind: 'failed', text: error.killed ? 'timed out' : stderr })
      else resolve({ kind: 'answer', text: stdout })
    })
  })
}
