import type { LineContext } from './text-lines.ts'

/** What a rule found: the name of the kind, which the edge puts into words. */
export type CredentialKind =
  | 'password'
  | 'password-plain-text'
  | 'password-in-url'
  | 'azure-key'
  | 'client-secret'
  | 'json-web-token'
  | 'authorization'
  | 'private-key'

export interface CredentialRule {
  /** Stable: reports name it. */
  readonly code: string
  readonly kind: CredentialKind
  /**
   * Global. The value is the first of its groups `value`, `dq` ("…"), `sq` ('…'), `bt` (`…`), `esc` (\"…\") and `bare`; the
   * group `key` is what the value is given to.
   */
  readonly pattern: RegExp
  /** For the secret that the value could become, where no key says one. */
  readonly name: string
  readonly accepts: (found: FoundValue) => boolean
}

export interface FoundValue {
  readonly value: string
  readonly key: string
  /** What stands between key and value: `=`, `:` or nothing. */
  readonly separator: string
  readonly isQuoted: boolean
  /** In a string that began before the key. */
  readonly isInString: boolean
  readonly context: LineContext
  /** The whole line, with the lines that continue it. */
  readonly line: string
}

export const tick = '`'

/**
 * A value as languages and shells write it: two quotes in a row do not end it. Without quotes it ends at what would end a
 * word of a command.
 */
export const literal = [
  String.raw`(?:\\"(?<esc>[^"\\\r\n]{1,200})\\"|"(?<dq>(?:[^"\\\r\n]|\\.|""){1,200})"|'(?<sq>(?:[^'\r\n]|''){1,200})'`,
  String.raw`|${tick}(?<bt>[^${tick}\r\n]{1,200})${tick}|(?<bare>[^\s"'${tick};&|<>()\\\u0080-\uffff]{1,200}))`,
].join('')
