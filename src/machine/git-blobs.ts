import { spawn } from 'node:child_process'
import { environment } from './git.ts'

/**
 * Reads blobs out of a repo, one after the other and in chunks, with one process. What git does not have is left out.
 * @param onChunk hears the blob's hash, and a part of it that is not kept beyond the call
 */
export async function readBlobs(
  root: string,
  blobs: readonly string[],
  onChunk: (blob: string, chunk: Uint8Array) => void,
): Promise<void> {
  const child = spawn('git', ['-C', root, 'cat-file', '--batch'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, ...environment },
  })
  child.on('error', () => undefined)
  child.stdin.on('error', () => undefined)
  child.stdin.end(`${blobs.join('\n')}\n`)
  /** What is left of the blob that is being read, with the line end behind it. */
  let left = 0
  let blob = ''
  let header = ''
  for await (const part of child.stdout) {
    let chunk: Buffer = part
    while (chunk.length > 0) {
      if (left === 0) {
        const end = chunk.indexOf(10)
        header += chunk.toString('latin1', 0, end === -1 ? chunk.length : end)
        if (end === -1) break
        chunk = chunk.subarray(end + 1)
        const [name = '', , size] = header.split(' ')
        header = ''
        if (size === undefined) continue
        blob = name
        left = Number(size) + 1
      }
      const piece = chunk.subarray(0, left)
      left -= piece.length
      onChunk(blob, left === 0 ? piece.subarray(0, -1) : piece)
      chunk = chunk.subarray(piece.length)
    }
  }
}
