/** Gzip of bytes in memory, in one form: a changed, added or missing byte is noticed. */
export interface Compress {
  pack(bytes: Uint8Array): Buffer;
  /** Undefined for what is no gzip, was changed, or holds more than `maxBytes`. */
  unpack(bytes: Uint8Array, maxBytes: number): Buffer | undefined;
}
