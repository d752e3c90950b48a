import { isAssigned, isLiteral, isOption, isWeak, strongKey, weakKey } from './acceptance.ts'
import { commandRules } from './command-rules.ts'
import { type CredentialRule, literal, tick } from './rule.ts'
import { isPlaceholder, isReference, looksGenerated, looksSecret } from './value.ts'

const japaneseKey =
  'パスワード|パスフレーズ|パスコード|暗証番号|ＰＷ|合言葉|トークン|シークレット|(?:API|アクセス|共有|秘密|暗号化)キー'

/** Everything that the shared rules of secretlint do not know: passwords that people type, and Microsoft's keys. */
export const credentialRules: readonly CredentialRule[] = [
  {
    code: 'as-plain-text',
    kind: 'password-plain-text',
    pattern: new RegExp(
      String.raw`ConvertTo-SecureString\s+(?:-(?:AsPlainText|Force)\s+|-String[\s:]+){0,3}${literal}(?=[^|;\r\n]{0,200}-AsPlainText|(?<=-AsPlainText[^|;\r\n]{0,250}))`,
      'gi',
    ),
    name: 'PASSWORD',
    accepts: isLiteral,
  },
  {
    code: 'as-plain-text',
    kind: 'password-plain-text',
    pattern:
      /(?:"(?<dq>[^"\r\n]{1,200})"|'(?<sq>[^'\r\n]{1,200})')\s*\|\s*ConvertTo-SecureString\b[^|;\r\n]{0,200}-AsPlainText/gi,
    name: 'PASSWORD',
    accepts: isLiteral,
  },
  {
    code: 'network-credential',
    kind: 'password',
    pattern: new RegExp(
      String.raw`\bNetworkCredential\]?(?:::new)?\s{0,3}\(\s{0,3}(?:"[^"\r\n]{0,100}"|'[^'\r\n]{0,100}'|\$[\w:.]{1,60})\s{0,3},\s{0,3}${literal}`,
      'gi',
    ),
    name: 'PASSWORD',
    accepts: (found) => found.isQuoted && isLiteral(found),
  },
  ...commandRules,
  {
    code: 'password-option',
    kind: 'password',
    pattern: new RegExp(
      String.raw`(?<=^|[\s"'(\[${tick}])(?:--?|\/)(?<key>(?:[A-Za-z][A-Za-z-]{0,40}?)?(?:password|passwd|passphrase|pwd|pass|secret|token|(?:api|account|access|secret)-?key))[ \t]+${literal}`,
      'gi',
    ),
    name: 'PASSWORD',
    accepts: isOption,
  },
  {
    code: 'password-assignment',
    kind: 'password',
    pattern: new RegExp(
      String.raw`(?<key>(?:${strongKey}|${weakKey}))["'${tick}\])}*\\]{0,4}[ \t]*(?<separator>::?=|=>|={1,2}|:(?!:)|：|＝)[ \t]*(?:\*\*[ \t]*)?${literal}`,
      'gi',
    ),
    name: 'PASSWORD',
    accepts: isAssigned,
  },
  {
    code: 'password-element',
    kind: 'password',
    pattern: /<(?<key>[\w:.-]{0,40}(?:password|passwd|pwd|secret|passphrase))>(?<value>[^<>\s]{1,200})<\//gi,
    name: 'PASSWORD',
    accepts: (found) => isLiteral(found) && (!isWeak.test(found.key) || looksSecret(found.value)),
  },
  {
    code: 'password-default',
    kind: 'password',
    pattern: new RegExp(
      String.raw`\bname:\s*["']?(?<key>\w{0,40}(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN))["']?[^\r\n}]{0,200}?\bdefault:[ \t]*${literal}`,
      'gi',
    ),
    name: 'PASSWORD',
    accepts: isLiteral,
  },
  {
    code: 'password-sentence',
    kind: 'password',
    pattern:
      /\b(?<key>password|passphrase|passcode|PIN)["'`*]{0,3}\s+(?:is|was)\s+(?:now\s+)?[“"'`*(]{0,3}(?<value>[^\s"'`|\u0080-\uffff]{6,200})/gi,
    name: 'PASSWORD',
    accepts: ({ value, context }) => context.kind === 'prose' && isSaid(value),
  },
  {
    code: 'password-sentence',
    kind: 'password',
    pattern: new RegExp(
      String.raw`(?:${japaneseKey})(?:[（(][^）)\r\n]{0,20}[）)])?[\s*_]{0,3}(?:(?:は、?|：|:|=|＝|→|⇒)[\s*_]{0,3}[「『“"'${tick}（(]{0,2}|(?:を|が|に)?\s?[「『“"'${tick}]{1,2})(?<value>[^\s"'${tick}|\u0080-\uffff]{4,200})`,
      'g',
    ),
    name: 'PASSWORD',
    accepts: ({ value, line, context }) =>
      context.kind !== 'code' &&
      (isSaid(value) || (isSaidPlainly(value, line) && !isPlaceholder(value) && !isReference(value))),
  },
  {
    code: 'password-in-url',
    kind: 'password-in-url',
    pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"'<>`$]{1,100}:(?<value>[^\s/@"'<>`]{1,200})@(?=[\w[$<{%-])/gi,
    name: 'URL_PASSWORD',
    accepts: ({ value }) => value.length >= 3 && !isPlaceholder(value),
  },
  {
    code: 'azure-key',
    kind: 'azure-key',
    pattern: /\b(?<key>AccountKey|SharedAccessKey)\s*=\s*(?<value>[A-Za-z0-9+/]{30,100}={0,2})/gi,
    name: 'AZURE_STORAGE_KEY',
    accepts: ({ value }) => looksGenerated(value),
  },
  {
    code: 'azure-sas',
    kind: 'azure-key',
    pattern: /[?&](?:amp;)?sig=(?<value>[A-Za-z0-9%+/=_-]{20,200})/g,
    name: 'AZURE_SAS_SIGNATURE',
    accepts: ({ value }) => looksGenerated(value),
  },
  {
    code: 'entra-client-secret',
    kind: 'client-secret',
    pattern: /(?<![\w~.-])(?<value>[\w~.-]{3}\dQ~[\w~.-]{31,34})(?![\w~-])/g,
    name: 'CLIENT_SECRET',
    accepts: ({ value }) => /\d/.test(value.slice(6)) || /[a-z]/.test(value),
  },
  {
    code: 'json-web-token',
    kind: 'json-web-token',
    pattern: /(?<![\w.-])(?<value>eyJ[\w-]{10,2000}\.[\w-]{8,8000}\.[\w-]{0,2000})(?![\w-])/g,
    name: 'ACCESS_TOKEN',
    accepts: ({ value }) => hasTokenHeader(value),
  },
  {
    code: 'authorization',
    kind: 'authorization',
    pattern: /\bAuthorization["']?\s*[:=]\s*["']?(?:Bearer|token|Basic|ApiKey)\s+["']?(?<value>[\w+/=.~-]{8,4000})/gi,
    name: 'ACCESS_TOKEN',
    accepts: ({ value, line }) =>
      !isPlaceholder(value) && (/Basic\s/i.test(line) ? isBasic(value) : looksGenerated(value)),
  },
]

/** A value in a sentence, with the marks that end the sentence. */
function isSaid(value: string): boolean {
  return looksSecret(value) && !isPlaceholder(value) && !isReference(value)
}

/** 「パスワードは midori です」: what stands alone before the verb is the password, however plain. */
function isSaidPlainly(value: string, line: string): boolean {
  const behind = line.slice(line.indexOf(value) + value.length)
  return (
    value.length >= 4 && /^\s?[」』”"'`）)]{0,2}\s?(?:です|とする|とします|にする|にします|に設定|である)/.test(behind)
  )
}

/** Whether the first part of a token is the header of one: JSON with an algorithm (RFC 7515, section 4.1). */
function hasTokenHeader(token: string): boolean {
  try {
    const header: unknown = JSON.parse(atob((token.split('.')[0] ?? '').replace(/-/g, '+').replace(/_/g, '/')))
    return typeof header === 'object' && header !== null && 'alg' in header
  } catch {
    return false
  }
}

/** Basic credentials are `user:password` in base64 (RFC 7617). */
function isBasic(value: string): boolean {
  try {
    const [user = '', password = ''] = atob(value).split(/:(.*)/s)
    return /^[ -~]+$/.test(user) && password.length > 0 && !isPlaceholder(password)
  } catch {
    return false
  }
}
