/** The same memory with the methods of a Buffer, which decode what is short several times as fast as a TextDecoder. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
