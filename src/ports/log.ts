import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import type { CopyLog, LogCopy, Redactor } from '../workspace/redactor.js';
import { fileFailure } from './failure.js';
import { pin } from './pinned.js';

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = constants;

const BUFFER = 256 * 1024;

/** How far a cut is moved so that it falls between two lines. */
const LINE = 4096;

/** `keepBytes`: a longer log keeps half of that from its head and half from its tail. */
export interface LogOptions {
  readonly root: string;
  readonly redactor: Redactor;
  readonly keepBytes?: number;
}

interface Copy {
  write(bytes: Uint8Array): Promise<void>;
}

/** Asynchronous, unlike the other file calls: a log is the one thing here that is large. */
export function createCopyLog({ root, redactor, keepBytes = 1024 * 1024 }: LogOptions): CopyLog {
  return async (from, to) => {
    try {
      return await pinned(root, from, async raw => {
        const source = await open(raw, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
        try {
          return await pinned(root, to, path => copyTo(path, source, redactor, keepBytes));
        } finally {
          await source.close();
        }
      });
    } catch (error) {
      throw fileFailure('keep the log in', to, error);
    }
  };
}

async function pinned<T>(root: string, path: string, use: (entry: string) => Promise<T>): Promise<T> {
  const { entry, release } = pin(root, path);
  try {
    return await use(entry);
  } finally {
    release();
  }
}

async function copyTo(
  path: string,
  source: FileHandle,
  redactor: Redactor,
  keepBytes: number,
): Promise<LogCopy> {
  const target = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o644);
  try {
    const copied = await copy(source, target, redactor, keepBytes);
    await target.sync();
    await target.close();
    return copied;
  } catch (error) {
    await target.close();
    await rm(path, { force: true });
    throw error;
  }
}

async function copy(
  source: FileHandle,
  target: FileHandle,
  redactor: Redactor,
  keepBytes: number,
): Promise<LogCopy> {
  const hash = createHash('sha256');
  let keptBytes = 0;
  const write = async (bytes: Uint8Array) => {
    if (bytes.length === 0) return;
    hash.update(bytes);
    keptBytes += bytes.length;
    await target.writeFile(bytes);
  };

  const { size: totalBytes } = await source.stat();
  const [headTo, tailFrom] = await cuts(source, totalBytes, keepBytes);
  let redactions = await copyRange(source, 0, headTo, totalBytes, redactor, { write });
  if (tailFrom > headTo) {
    await write(Buffer.from(`\n[... ${tailFrom - headTo} bytes left out ...]\n`));
    redactions += await copyRange(source, tailFrom, totalBytes, totalBytes, redactor, { write });
  }
  return { totalBytes, keptBytes, truncated: tailFrom > headTo, redactions, sha256: hash.digest('hex') };
}

/** Where the head ends and the tail begins, between lines where lines are not too long. */
async function cuts(source: FileHandle, size: number, keepBytes: number): Promise<[number, number]> {
  if (size <= keepBytes) return [size, size];
  const half = Math.floor(keepBytes / 2);
  const lastOfHead = (await readAt(source, half - LINE, LINE)).lastIndexOf('\n');
  const firstOfTail = (await readAt(source, size - half, LINE)).indexOf('\n');
  const headTo = lastOfHead === -1 ? half : Math.max(0, half - LINE) + lastOfHead + 1;
  return [headTo, size - half + firstOfTail + 1];
}

async function readAt(source: FileHandle, position: number, length: number): Promise<Buffer> {
  const start = Math.max(0, position);
  const buffer = Buffer.alloc(position + length - start);
  const { bytesRead } = await source.read(buffer, 0, buffer.length, start);
  return buffer.subarray(0, bytesRead);
}

/** What lies around the range is read too: a secret that a cut goes through is hidden on both sides. */
async function copyRange(
  source: FileHandle,
  from: number,
  to: number,
  size: number,
  redactor: Redactor,
  copy: Copy,
): Promise<number> {
  const start = Math.max(0, from - redactor.reach);
  const end = Math.min(size, to + redactor.reach);
  const stream = redactor.stream(from - start, to - start);
  const buffer = Buffer.allocUnsafe(Math.min(BUFFER, end - start));
  for (let position = start; position < end; ) {
    const length = Math.min(buffer.length, end - position);
    const { bytesRead } = await source.read(buffer, 0, length, position);
    if (bytesRead === 0) break;
    await copy.write(stream.push(buffer.subarray(0, bytesRead)));
    position += bytesRead;
  }
  await copy.write(stream.end());
  return stream.count();
}
