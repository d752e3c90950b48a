import { parseByteSize } from '../runbook/byte-size.ts'
import type { Translate } from '../wording/translate.ts'
import { plain } from './plain.ts'
import { UsageError } from './usage-error.ts'

/** The value of an option that is a size. */
export function bytesOf(option: string, text: string, t: Translate): number {
  const size = parseByteSize(text)
  if (size === undefined)
    throw new UsageError(t('{0} takes a size, such as 64K or 10M, not “{1}”.', option, plain(text)))
  return size
}
