import { closeSync, constants, createReadStream, type Dirent, fstatSync, openSync, readSync, type Stats } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

const chunkBytes = 1024 * 1024

/** A file in pieces. The common small one is read at once, which takes a third of the time that a stream does. */
export async function* chunksOf(file: string): AsyncIterable<Uint8Array> {
  const { size } = regular(await stat(file))
  if (size <= chunkBytes) yield await readFile(file)
  else yield* createReadStream(file, { highWaterMark: chunkBytes })
}

/**
 * The same, and `onChunk` hears whether it was given all there is; an empty file has no chunk. Rejects with the system's
 * error.
 */
export async function withChunks(file: string, onChunk: (chunk: Uint8Array, isWhole: boolean) => void): Promise<void> {
  let last: Uint8Array | undefined
  let isOnly = true
  // One behind, so that it is known whether a chunk is all there is.
  for await (const chunk of chunksOf(file)) {
    if (last !== undefined) {
      isOnly = false
      onChunk(last, false)
    }
    last = chunk
  }
  if (last !== undefined && last.length > 0) onChunk(last, isOnly)
}

/** A pipe has no end, and opening it waits for whoever writes into it. What is wrong with a folder the system says. */
function regular(stats: Stats): Stats {
  if (stats.isFile() || stats.isDirectory()) return stats
  throw Object.assign(new Error('no file'), { code: 'EFTYPE' })
}

/** Filled again by every read: memory that is there already is by far the fastest. */
let buffer: Buffer | undefined

/** A pipe is opened without waiting for its writer; Windows has no such flag and no such pipes. */
const openedAtOnce = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/**
 * The same for a thread that has nothing else to do: it waits for the disk, and throws the system's error. Reads as much as
 * there was when the file was opened: to ask whether there is more would cost as much as reading a small file.
 * @returns what the file was when it was opened
 */
export function withChunksSync(file: string, onChunk: (chunk: Uint8Array, isWhole: boolean) => void): Stats {
  buffer ??= Buffer.allocUnsafeSlow(chunkBytes)
  const descriptor = openSync(file, openedAtOnce)
  try {
    const stats = regular(fstatSync(descriptor))
    const { size } = stats
    for (let rest = size; rest > 0; ) {
      const wanted = Math.min(rest, buffer.length)
      let length = 0
      while (length < wanted) {
        const read = readSync(descriptor, buffer, length, wanted - length, null)
        if (read === 0) break
        length += read
      }
      if (length > 0) onChunk(buffer.subarray(0, length), length === size)
      // Somebody made it shorter meanwhile.
      if (length < wanted) break
      rest -= length
    }
    return stats
  } finally {
    closeSync(descriptor)
  }
}

/** Whether a name in a folder of records stands for a record. Symbolic links are not followed. */
export function isRecordEntry(entry: Dirent): boolean {
  return entry.name.endsWith('.jsonl') && !entry.isSymbolicLink()
}

/**
 * The records below `folder`, as `folder` is written, with `/`, sorted. A folder that cannot be listed stands for its records,
 * so that they are reported as unreadable and not as absent; so does what has the name of a record and is no file.
 */
export async function recordPaths(root: string, folder: string): Promise<readonly string[]> {
  const paths: string[] = []
  await collectPaths(root, folder, paths)
  return paths
}

/** One folder after the other, which leaves turns to others and needs no sorting of everything at the end. */
async function collectPaths(root: string, folder: string, paths: string[]): Promise<void> {
  let entries: Dirent[]
  try {
    entries = await readdir(join(root, folder), { withFileTypes: true })
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') paths.push(folder)
    return
  }
  const below = entries.filter((entry) => entry.isDirectory()).map(({ name }) => `${name}/`)
  const names = entries.filter(isRecordEntry).map(({ name }) => name)
  for (const name of [...names, ...below].sort()) {
    if (name.endsWith('/')) await collectPaths(root, `${folder}/${name.slice(0, -1)}`, paths)
    else paths.push(`${folder}/${name}`)
  }
}

/** Files read at a time: enough to hide the disk, and far from the limit on open files. */
const concurrency = 16

/**
 * The results in the order of `items`.
 * @param atOnce how many are worked on at a time
 */
export async function mapBounded<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  atOnce = concurrency,
): Promise<readonly Result[]> {
  const results: Result[] = []
  const queue = items.entries()
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return results
}

/** The name of a system's error; anything else is thrown on. */
export function errnoOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  throw error
}
