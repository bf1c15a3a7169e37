import { createHash, hash } from 'node:crypto';
import { CHUNK_BYTES } from '../../schemas/evidence.js';

export interface Digest {
  readonly sha256: string;
  readonly size: number;
  /** Id that `git hash-object` gives these bytes (sha1). */
  readonly gitBlob: string;
  /** sha256 of each 64 KiB; undefined when there is only one. */
  readonly chunks: readonly string[] | undefined;
}

export function sha256Of(bytes: Uint8Array): string {
  return hash('sha256', bytes);
}

export function digestOf(bytes: Uint8Array): Digest {
  const parts = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) parts.push(bytes.subarray(at, at + CHUNK_BYTES));
  return digestParts(parts, bytes.length);
}

/** `parts` are the consecutive 64 KiB of `size` bytes. */
export function digestParts(parts: Iterable<Uint8Array>, size: number): Digest {
  const whole = createHash('sha256');
  const blob = createHash('sha1').update(`blob ${size}\0`);
  const chunks = [];
  for (const part of parts) {
    whole.update(part);
    blob.update(part);
    if (size > CHUNK_BYTES) chunks.push(sha256Of(part));
  }
  return {
    sha256: whole.digest('hex'),
    size,
    gitBlob: blob.digest('hex'),
    chunks: chunks.length > 0 ? chunks : undefined,
  };
}
