import type { TransferProblem } from './problem.ts'

/** What a file of age says of itself before it is decrypted. */
export type AgeFile =
  /** What opens it, and the file without its armor. */
  | { readonly kind: 'file'; readonly opensWith: 'passphrase' | 'identity'; readonly bytes: Uint8Array }
  | { readonly kind: 'problem'; readonly problem: TransferProblem }

const intro = 'age-encryption.org/'
const version = `${intro}v1`
const armorBegin = '-----BEGIN AGE ENCRYPTED FILE-----'
const armorEnd = '-----END AGE ENCRYPTED FILE-----'

/** The most that scrypt may cost, as a power of two: what the library goes along with, 1 GiB of memory. */
const costLimit = 20

/**
 * Reads a file as it arrived: binary or armored, and where it is armored in the encoding and with the line ends that mail and
 * editors have made of it.
 */
export function readAgeFile(file: Uint8Array): AgeFile {
  const bytes = startsWithIntro(file) ? file : dearmored(decoded(file))
  if (bytes === 'none') return problem('not-age')
  if (bytes === 'damaged') return problem('damaged')
  const [first, ...stanzas] = headerLines(bytes)
  if (first !== version) return problem(/^age-encryption\.org\/v\d+$/.test(first ?? '') ? 'newer-age' : 'damaged')
  const scrypt = stanzas.find((stanza) => stanza.startsWith('-> scrypt '))
  if (scrypt === undefined) return { kind: 'file', opensWith: 'identity', bytes }
  if (Number(scrypt.split(' ')[3]) > costLimit) return problem('too-costly')
  return { kind: 'file', opensWith: 'passphrase', bytes }
}

function startsWithIntro(bytes: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(bytes.subarray(0, intro.length)) === intro
}

/** What PowerShell's `>` writes begins with a byte order mark, too. */
function decoded(file: Uint8Array): string {
  const encoding = file[0] === 0xff && file[1] === 0xfe ? 'utf-16le' : 'utf-8'
  return new TextDecoder(encoding).decode(file)
}

/** The one place for the base64 of RFC 4648 that is strict: `atob` passes over what is not of it. */
function dearmored(text: string): Uint8Array | 'none' | 'damaged' {
  const begin = text.indexOf(armorBegin)
  if (begin === -1) return 'none'
  const end = text.indexOf(armorEnd, begin)
  if (end === -1) return 'damaged'
  const base64 = text.slice(begin + armorBegin.length, end).replaceAll(/\s+/g, '')
  if (base64 === '' || base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return 'damaged'
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}

/** Up to the line with the authentication code; a recipient's line is at most some kilobytes. */
function headerLines(bytes: Uint8Array): readonly string[] {
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, 1024 * 1024))
  return text.split('\n--- ', 1)[0]?.split('\n') ?? []
}

function problem(code: TransferProblem['code']): AgeFile {
  return { kind: 'problem', problem: { code, values: {} } }
}
