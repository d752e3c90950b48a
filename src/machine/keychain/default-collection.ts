import { execFile } from 'node:child_process'

/** State of the keyring that new entries go to. `unknown`: no tool of D-Bus is here to ask with, or it gave no answer. */
export type DefaultCollection = 'locked' | 'unlocked' | 'missing' | 'unknown'

const SERVICE = 'org.freedesktop.secrets'
const OBJECT = '/org/freedesktop/secrets/aliases/default'
const COLLECTION = 'org.freedesktop.Secret.Collection'

/** One of them is wherever a session bus is: dbus-send comes with D-Bus, busctl with systemd, gdbus with GLib. */
const TOOLS: readonly (readonly [string, ...string[]])[] = [
  [
    'dbus-send',
    '--session',
    '--print-reply=literal',
    '--reply-timeout=2000',
    `--dest=${SERVICE}`,
    OBJECT,
    'org.freedesktop.DBus.Properties.Get',
    `string:${COLLECTION}`,
    'string:Locked',
  ],
  ['busctl', '--user', '--timeout=2', 'get-property', SERVICE, OBJECT, COLLECTION, 'Locked'],
  [
    'gdbus',
    'call',
    '--session',
    '--timeout=2',
    '--dest',
    SERVICE,
    '--object-path',
    OBJECT,
    '--method',
    'org.freedesktop.DBus.Properties.Get',
    COLLECTION,
    'Locked',
  ],
]

/**
 * Asks the Secret Service whether its default collection is locked (Secret Service API, "Collection"; the property
 * `Locked`). Asking opens no prompt, unlike any call of libsecret that needs the keyring open.
 */
export async function defaultCollection(): Promise<DefaultCollection> {
  for (const [command, ...args] of TOOLS) {
    const answer = await ask(command, args)
    if (answer !== 'no-tool') return answer
  }
  return 'unknown'
}

function ask(command: string, args: readonly string[]): Promise<DefaultCollection | 'no-tool'> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: 2_500 }, (error, stdout, stderr) => {
      if (error?.code === 'ENOENT') resolve('no-tool')
      else if (/\btrue\b/.test(stdout)) resolve('locked')
      else if (/\bfalse\b/.test(stdout)) resolve('unlocked')
      else if (/does not exist|No such object|UnknownObject|UnknownMethod/i.test(stderr)) resolve('missing')
      else resolve('unknown')
    })
  })
}
