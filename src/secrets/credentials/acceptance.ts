import type { FoundValue } from './rule.ts'
import { isPlaceholder, isReference, looksGenerated, looksSecret } from './value.ts'

/** What a password is given to. */
export const strongKey = `pass(?:word|wd|phrase|code)|(?<![A-Za-z])(?:pwd|pw|pass|psk)`
/** What comes before keys of programs, and before much that is none. */
export const weakKey = `secret|token|(?:api|access|account|secret|private|shared|storage|subscription)[_-]?(?:access[_-]?)?key`
/** Whether a key is one of those. */
export const isWeak = new RegExp(`(?:${weakKey})$`, 'i')

/** Languages in which a word without quotes is a name or a command, and no text. */
const needsQuotes = new Set(['pwsh', 'powershell', 'python', 'node', 'ruby', 'perl', ''])

/** A value that is written out, wherever only a password can stand. */
export function isLiteral({ value, context }: FoundValue): boolean {
  // Passwords are typed on any keyboard: what is not ASCII is a remark about one.
  if (value.length < 4 || !/^[ -~]+$/.test(value) || value !== value.trim()) return false
  return !isPlaceholder(value) && !isReference(value) && (context.kind !== 'prose' || looksSecret(value))
}

/** `key = value` and `key: value`. */
export function isAssigned(found: FoundValue): boolean {
  const { value, key, separator, isQuoted, isInString, context } = found
  if (!isLiteral(found)) return false
  if (value.includes(' ') && !(separator.includes('=') && looksSecret(value))) return false
  if (isWeak.test(key)) return isKeyLike(found)
  if (isQuoted) return true
  if (context.kind === 'code' && needsQuotes.has(context.shell) && !isInString) return false
  return separator.includes('=') || context.kind === 'data' || looksSecret(value)
}

/** For `token`, `secret` and `key`, which stand before much that is none. */
function isKeyLike({ value, separator, isQuoted, isInString, context }: FoundValue): boolean {
  if (value.includes(' ')) return false
  if (!isQuoted && !isInString && context.kind === 'code' && needsQuotes.has(context.shell)) return false
  if (looksGenerated(value)) return true
  return context.kind !== 'prose' && (isQuoted || separator.includes('=')) && value.length >= 10 && looksSecret(value)
}

/** `--key value` */
export function isOption(found: FoundValue): boolean {
  if (!isLiteral(found) || found.value.includes(' ')) return false
  // Their option without `=` asks for the password; what follows is a database.
  if (/\b(?:mysql|mariadb)/.test(found.line) && /password$/i.test(found.key)) return false
  return (
    !isWeak.test(found.key) || looksGenerated(found.value) || (found.value.length >= 10 && looksSecret(found.value))
  )
}
