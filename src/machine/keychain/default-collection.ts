import { callSecretService } from './secret-service.ts'

/** State of the keyring that new entries go to. `unknown`: no tool of D-Bus is here to ask with, or it gave no answer. */
export type DefaultCollection = 'locked' | 'unlocked' | 'missing' | 'unknown'

const COLLECTION = 'org.freedesktop.Secret.Collection'

/**
 * Asks the Secret Service whether its default collection is locked (Secret Service API, "Collection"; the property
 * `Locked`). Asking opens no prompt, unlike any call of libsecret that needs the keyring open.
 */
export async function defaultCollection(): Promise<DefaultCollection> {
  const reply = await callSecretService({
    object: '/org/freedesktop/secrets/aliases/default',
    method: ['org.freedesktop.DBus.Properties', 'Get'],
    dbusSend: [`string:${COLLECTION}`, 'string:Locked'],
    busctl: ['ss', COLLECTION, 'Locked'],
    gdbus: [COLLECTION, 'Locked'],
  })
  switch (reply.kind) {
    case 'answer':
      return /\btrue\b/.test(reply.text) ? 'locked' : /\bfalse\b/.test(reply.text) ? 'unlocked' : 'unknown'
    case 'failed':
      return /does not exist|No such object|UnknownObject|UnknownMethod/i.test(reply.text) ? 'missing' : 'unknown'
    case 'no-tool':
      return 'unknown'
  }
}
