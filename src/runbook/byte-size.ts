/**
 * Bytes of "64K", "500 MB", "1.5 GiB": with a B the unit is a power of 1000, as disks are sold; without one, or with iB, of 1024.
 * A bare number is bytes. Undefined when it is no size.
 */
export function parseByteSize(text: string): number | undefined {
  const [, digits, unit = '', ending = ''] = /^(\d{1,12}(?:\.\d{1,6})?) ?([kmgt]?)((?:i?b)?)$/i.exec(text.trim()) ?? []
  if (digits === undefined) return undefined
  const base = ending.toLowerCase() === 'b' ? 1000 : 1024
  return Math.floor(Number(digits) * base ** ['', 'k', 'm', 'g', 't'].indexOf(unit.toLowerCase()))
}
