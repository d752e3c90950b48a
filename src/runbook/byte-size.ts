/** Bytes of "64K", "500 MB", "1.5 GiB": units are powers of 1024; a bare number is bytes. Undefined when it is no size. */
export function parseByteSize(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d{1,12}(?:\.\d{1,6})?) ?([kmgt]?)(?:i?b)?$/i.exec(text.trim()) ?? []
  if (digits === undefined) return undefined
  return Math.floor(Number(digits) * 1024 ** ['', 'k', 'm', 'g', 't'].indexOf(unit.toLowerCase()))
}
