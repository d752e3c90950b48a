import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { SecretMemory, SecretNote, SecretTrace } from '../secrets/memory.ts'

export interface SecretMemorySetup {
  /** Absolute: this user's own, outside of every repo. Made when it is missing. */
  readonly folder: string
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

/** One line of the file. */
type Line =
  | { readonly act: 'set'; readonly name: string; readonly kept: SecretTrace['kept']; readonly at: number }
  | { readonly act: 'deleted'; readonly name: string; readonly at: number }

/** Name of the file in the user's state folder. */
export const secretMemoryFile = 'secrets.jsonl'

/**
 * What was done with this user's secrets on this computer, in one file that every window and the command line append to:
 * names and times. A file that is damaged counts as far as it can be read; what cannot be written holds for this process.
 */
export function createSecretMemory({ folder, now = Date.now }: SecretMemorySetup): SecretMemory {
  const path = join(folder, secretMemoryFile)
  const unsaved: Line[] = []
  // One after the other, so that what was noted first stands first.
  let queue: Promise<unknown> = Promise.resolve()

  async function write(lines: readonly Line[]): Promise<void> {
    let handle: FileHandle | undefined
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      handle = await open(path, 'a', 0o600)
      // In one piece, as another process may append too. The line feed before them ends what was torn.
      await handle.appendFile(`\n${lines.map((line) => `${JSON.stringify(line)}\n`).join('')}`)
    } catch {
      unsaved.push(...lines)
    } finally {
      await handle?.close().catch(() => undefined)
    }
  }

  return {
    async recall() {
      await queue
      const text = await readFile(path, 'utf8').catch(() => '')
      return tracesOf([...text.split('\n').flatMap((line) => parseLine(line) ?? []), ...unsaved])
    },
    note(notes) {
      const at = now()
      const lines = notes.map((note) => lineOf(note, at))
      const done = queue.then(() => (lines.length === 0 ? undefined : write(lines)))
      queue = done
      return done
    },
  }
}

function lineOf(note: SecretNote, now: number): Line {
  const { act, name } = note
  return act === 'set' ? { act, name, kept: note.kept, at: note.at ?? now } : { act, name, at: now }
}

/** The last line about a secret counts. */
function tracesOf(lines: readonly Line[]): ReadonlyMap<string, SecretTrace> {
  const traces = new Map<string, SecretTrace>()
  for (const line of lines) {
    if (line.act === 'set') traces.set(line.name, { setAt: line.at, kept: line.kept })
    else traces.delete(line.name)
  }
  return traces
}

/** Undefined for what is no line of ours. */
function parseLine(text: string): Line | undefined {
  if (text === '') return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isLine(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isLine(value: unknown): value is Line {
  if (typeof value !== 'object' || value === null) return false
  const { act, name, at, kept } = value as Partial<Record<string, unknown>>
  if (typeof name !== 'string' || !isTime(at)) return false
  return act === 'deleted' || (act === 'set' && (kept === 'keychain' || kept === 'editor' || kept === 'environment'))
}

/** Within what a `Date` can hold. */
function isTime(value: unknown): boolean {
  return typeof value === 'number' && Math.abs(value) <= 8.64e15
}
