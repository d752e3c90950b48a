/**
 * The process in which keytar lives: a locked keyring, a prompt that nobody answers or a crash of the native module
 * stops this process, and never the editor. Its one argument is the folder of keytar's binaries; names and values come
 * and go over the channel of fork alone.
 */
import { type DefaultCollection, defaultCollection } from './default-collection.ts'
import type { HelperReply, HelperRequest } from './helper-message.ts'
import { keychainFailure } from './keychain-failure.ts'
import { type Keytar, loadKeytar } from './keytar-binary.ts'
import { presenceOf } from './presence.ts'

const SERVICE = 'baton'
/** No secret can have this name. */
const PROBE_NAME = 'probe'

/** A keychain that cannot ask says so faster than a person reads what it asks. */
const fastestAnswerMs = 400

/** Where the keychain of Linux can ask. */
const hasScreen = process.platform === 'linux' && Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)

const keytarFolder = process.argv[2] ?? ''
let loaded: Keytar | undefined

async function answer(request: HelperRequest): Promise<HelperReply> {
  const { id } = request
  const began = performance.now()
  /** It was locked before and is so still: somebody who was asked did not unlock it. */
  const stayedLocked = () => hasScreen && performance.now() - began > fastestAnswerMs
  try {
    loaded ??= loadKeytar(keytarFolder)
    const keytar = loaded
    switch (request.kind) {
      case 'get': {
        const value = await keytar.getPassword(SERVICE, request.name)
        if (value === null) return await nothingThere(id, stayedLocked())
        return { id, kind: 'done', value }
      }
      case 'set':
        await keytar.setPassword(SERVICE, request.name, request.value)
        return { id, kind: 'done' }
      case 'delete':
        if (!(await keytar.deletePassword(SERVICE, request.name))) return await nothingThere(id, stayedLocked())
        return { id, kind: 'done' }
      case 'probe':
        return await probe(id, keytar)
      case 'look': {
        const isThere = async (name: string) => (await keytar.getPassword(SERVICE, name)) !== null
        return { id, kind: 'looked', sight: await presenceOf(SERVICE, request.names, isThere) }
      }
    }
  } catch (error) {
    const failure = keychainFailure(error)
    const isRefused = failure.code === 'locked' && stayedLocked()
    return { id, kind: 'failed', failure: isRefused ? { ...failure, code: 'refused' } : failure }
  }
}

/** libsecret answers alike for an entry that does not exist and for one that it could not unlock. */
async function nothingThere(id: number, isRefused: boolean): Promise<HelperReply> {
  if ((await collection()) !== 'locked') return { id, kind: 'done' }
  if (!isRefused) return locked(id)
  return { id, kind: 'failed', failure: { code: 'refused', detail: 'The default keyring was not unlocked' } }
}

async function probe(id: number, keytar: Keytar): Promise<HelperReply> {
  // Fails where there is no bus or no service, and opens no prompt, as there is nothing to unlock.
  await keytar.getPassword(SERVICE, PROBE_NAME)
  const state = await collection()
  if (state === 'locked') return locked(id)
  if (state === 'missing' && !hasScreen) {
    return { id, kind: 'failed', failure: { code: 'unavailable', detail: 'There is no default keyring' } }
  }
  return { id, kind: 'done' }
}

function collection(): Promise<DefaultCollection> | 'unknown' {
  return process.platform === 'linux' ? defaultCollection() : 'unknown'
}

function locked(id: number): HelperReply {
  return { id, kind: 'failed', failure: { code: 'locked', detail: 'The default keyring is locked' } }
}

process.on('message', async (request: HelperRequest) => {
  const reply = await answer(request)
  if (process.connected) process.send?.(reply)
})

// An orderly exit would wait for a call that waits for a prompt. Elsewhere than on Windows this leads a group of its own.
process.on('disconnect', () => process.kill(process.platform === 'win32' ? process.pid : -process.pid, 'SIGKILL'))
