import { open, rm } from 'node:fs/promises'
import { errnoOf } from './records/reading.ts'

/** Writes a text, as it comes, into a file that is not there yet. Undefined, or an errno name; then no part of it is left. */
export async function writeNewFile(path: string, parts: AsyncIterable<string>): Promise<string | undefined> {
  try {
    const file = await open(path, 'wx')
    try {
      for await (const part of parts) await file.write(part)
    } catch (error) {
      await rm(path, { force: true })
      throw error
    } finally {
      await file.close()
    }
    return undefined
  } catch (error) {
    return errnoOf(error)
  }
}
