const encoder = new TextEncoder()

/**
 * How much two texts are alike, from 0 to 1: what `expected_similarity` of executable documents measures. JSON is compared by
 * content, whatever the order of its fields and its layout, by Jaro's measure; anything else by Jaro and Winkler's, with four
 * characters of prefix from 0.7 on. Both count bytes of UTF-8.
 *
 * Source: Innovation Engine, `CompareCommandOutputs`; W. E. Winkler, String Comparator Metrics and Enhanced Decision Rules in
 * the Fellegi-Sunter Model of Record Linkage (1990).
 */
export function similarity(expected: string, actual: string): number {
  const json = canonicalJson(expected)
  if (json === undefined) return jaroWinkler(encoder.encode(expected), encoder.encode(actual))
  const came = canonicalJson(actual)
  return came === undefined ? 0 : jaro(encoder.encode(json), encoder.encode(came))
}

/** With sorted fields and without blanks; undefined for what is no object and no list. */
function canonicalJson(text: string): string | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined
  try {
    return JSON.stringify(JSON.parse(text), (_key, value: unknown) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
      return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    })
  } catch {
    return undefined
  }
}

function jaroWinkler(a: Uint8Array, b: Uint8Array): number {
  const score = jaro(a, b)
  if (score <= 0.7) return score
  const shorter = Math.min(4, a.length, b.length)
  let prefix = 0
  while (prefix < shorter && a[prefix] === b[prefix]) prefix += 1
  return score + 0.1 * prefix * (1 - score)
}

/**
 * In time linear in both lengths: a byte's partner is the first one of its kind in the window that nobody took. The window
 * only moves on, so what lies before it stays without a partner, and one pointer for each of the 256 bytes finds the next.
 */
function jaro(a: Uint8Array, b: Uint8Array): number {
  if (a.length === b.length && a.every((byte, index) => byte === b[index])) return 1
  if (a.length === 0 || b.length === 0) return 0
  const range = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1)
  const { positions, starts } = positionsByByte(b)
  const pointers = starts.slice()
  const isTaken = new Uint8Array(b.length)
  const matched = new Uint8Array(Math.min(a.length, b.length))
  let matches = 0
  for (let index = 0; index < a.length; index += 1) {
    const byte = a[index] ?? 0
    const end = starts[byte + 1] ?? 0
    let at = pointers[byte] ?? 0
    while (at < end && (positions[at] ?? 0) < index - range) at += 1
    const partner = positions[at] ?? 0
    if (at < end && partner <= index + range) {
      isTaken[partner] = 1
      matched[matches] = byte
      matches += 1
      at += 1
    }
    pointers[byte] = at
  }
  if (matches === 0) return 0
  let unaligned = 0
  let seen = 0
  for (let index = 0; index < b.length; index += 1) {
    if (isTaken[index] !== 1) continue
    if (b[index] !== matched[seen]) unaligned += 1
    seen += 1
  }
  const transpositions = Math.floor(unaligned / 2)
  return (matches / a.length + matches / b.length + (matches - transpositions) / matches) / 3
}

/** Where each byte stands in `bytes`, in order: those of byte n from `starts[n]` up to `starts[n + 1]`. */
function positionsByByte(bytes: Uint8Array) {
  const starts = new Int32Array(257)
  for (const byte of bytes) starts[byte + 1] = (starts[byte + 1] ?? 0) + 1
  for (let byte = 0; byte < 256; byte += 1) starts[byte + 1] = (starts[byte + 1] ?? 0) + (starts[byte] ?? 0)
  const next = starts.slice()
  const positions = new Int32Array(bytes.length)
  for (const [index, byte] of bytes.entries()) {
    const at = next[byte] ?? 0
    positions[at] = index
    next[byte] = at + 1
  }
  return { positions, starts }
}
