import { gunzipSync, gzipSync } from 'node:zlib';
import type { Compress } from '../workspace/compress.js';

/** No flags, no time, best compression, no system: nothing in it depends on where it was made. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);

export const compress: Compress = {
  pack(bytes) {
    const packed = gzipSync(bytes, { level: 9 });
    HEADER.copy(packed);
    return packed;
  },
  unpack(bytes, maxBytes) {
    const packed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (packed.length < HEADER.length + 8 || !packed.subarray(0, HEADER.length).equals(HEADER))
      return undefined;
    try {
      const unpacked = gunzipSync(packed, { maxOutputLength: maxBytes });
      // What follows the end is ignored by zlib; the length of the content must be the last thing there.
      return packed.readUInt32LE(packed.length - 4) === unpacked.length ? unpacked : undefined;
    } catch {
      return undefined;
    }
  },
};
