import { execFileSync } from 'node:child_process'
import { createSecretMemory } from '../../../src/machine/secret-memory.ts'
import { stateFolder } from '../../../src/machine/state-folder.ts'
import type { Keyring } from '../keyring.ts'
import { recordsOf } from './records.ts'

/** What is remembered of secrets for whom a keyring belongs to. */
export function memoryOf({ env }: Keyring) {
  return createSecretMemory({ folder: stateFolder(env, process.platform, env.HOME ?? '') })
}

export function inKeyring({ env }: Keyring, name: string): string | undefined {
  try {
    const found = ['lookup', 'service', 'baton', 'account', name]
    return execFileSync('secret-tool', found, { env, encoding: 'utf8' })
  } catch {
    return undefined
  }
}

/** keytar looks for entries with this schema, and secret-tool gives none of its own accord. */
export function putIntoKeyring({ env }: Keyring, name: string, value: string): void {
  const entry = ['service', 'baton', 'account', name, 'xdg:schema', 'org.freedesktop.Secret.Generic']
  execFileSync('secret-tool', ['store', '--label', name, ...entry], { env, input: value })
}

export function takeOutOfKeyring({ env }: Keyring, name: string): void {
  execFileSync('secret-tool', ['clear', 'service', 'baton', 'account', name], { env })
}

/** What the records of a repo say of acts that are no runs: `secrets-set A,B`. */
export function actsIn(folder: string): readonly string[] {
  return recordsOf(folder).flatMap((record) => {
    const line: { act?: string; secrets?: string[] } = JSON.parse(record.split('\n')[0] ?? '')
    return line.act === undefined ? [] : [`${line.act} ${line.secrets?.join()}`]
  })
}
