import { execFile } from 'node:child_process'
import type { SecretFailure, SecretPresence, SecretSight } from '../../secrets/store.ts'
import { defaultCollection } from './default-collection.ts'
import { keychainFailure } from './keychain-failure.ts'
import { callSecretService } from './secret-service.ts'

/** Calls under way at once: each is a process of a few milliseconds. */
const concurrency = 4

type Presence = SecretPresence | SecretFailure

/**
 * Which entries of a service there are, found out by their attributes alone, so that nothing is decrypted, nobody is asked
 * and nothing waits: a locked keychain says it, too, as far as it can.
 *
 * @param read for systems on which reading asks nobody: whether there is an entry
 */
export async function presenceOf(
  service: string,
  names: readonly string[],
  read: (name: string) => Promise<boolean>,
): Promise<SecretSight> {
  switch (process.platform) {
    case 'linux': {
      const state = await defaultCollection()
      const absent = state === 'unlocked' || state === 'missing' ? 'missing' : 'unknown'
      return sightOf(names, state === 'locked', (name) => inSecretService(service, name, absent))
    }
    case 'darwin':
      return sightOf(names, false, (name) => inKeychainOfMac(service, name))
    default:
      return sightOf(names, false, async (name) => ((await read(name)) ? 'set' : 'missing'))
  }
}

async function sightOf(
  names: readonly string[],
  locked: boolean,
  look: (name: string) => Promise<Presence>,
): Promise<SecretSight> {
  const presence: Record<string, SecretPresence> = {}
  const left = [...names]
  let failure: SecretFailure | undefined
  async function work(): Promise<void> {
    for (let name = left.shift(); name !== undefined && failure === undefined; name = left.shift()) {
      const found = await look(name)
      if (typeof found === 'string') presence[name] = found
      else failure = found
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  return failure ? { kind: 'failed', failure } : { kind: 'seen', locked, presence }
}

/** @param absent what it means that nothing is found: a locked collection need not show its entries (KeePassXC, KWallet) */
async function inSecretService(service: string, name: string, absent: SecretPresence): Promise<Presence> {
  // As keytar searches: an entry that another program made without a schema is none that it could read.
  const attributes = [
    ['xdg:schema', 'org.freedesktop.Secret.Generic'],
    ['service', service],
    ['account', name],
  ] as const
  const reply = await callSecretService({
    object: '/org/freedesktop/secrets',
    method: ['org.freedesktop.Secret.Service', 'SearchItems'],
    dbusSend: [`dict:string:string:${attributes.flat().join(',')}`],
    busctl: ['a{ss}', String(attributes.length), ...attributes.flat()],
    gdbus: [`{${attributes.map(([key, value]) => `'${key}': '${value}'`).join(', ')}}`],
  })
  switch (reply.kind) {
    case 'answer':
      // Two lists of entries, those that are unlocked and those that are not.
      return /\/org\/freedesktop\/secrets\/\w/.test(reply.text) ? 'set' : absent
    case 'failed':
      return /NoReply|timed out|timeout/i.test(reply.text)
        ? { code: 'timeout', detail: reply.text.trim() }
        : keychainFailure(reply.text)
    case 'no-tool':
      return 'unknown'
  }
}

/** `errSecItemNotFound` (-25300) as an exit code. */
const notFound = 44

function inKeychainOfMac(service: string, name: string): Promise<Presence> {
  return new Promise((resolve) => {
    // Without -g or -w it prints attributes alone, which needs nobody's consent.
    const args = ['find-generic-password', '-s', service, '-a', name]
    execFile('/usr/bin/security', args, { timeout: 5_000 }, (error, _attributes, stderr) => {
      if (!error) resolve('set')
      else if (error.code === notFound) resolve('missing')
      else if (error.killed) resolve({ code: 'timeout', detail: 'security did not answer' })
      else resolve(keychainFailure(stderr || error.message))
    })
  })
}
