import { SpecError } from '../errors.js';

/** A file of a tar, by a relative path. */
export interface Packed {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const BLOCK = 512;
const MAX_NAME = 100;
const MAX_PREFIX = 155;

/** A POSIX ustar of plain files, owned by nobody and without a time, so that the same files give the same bytes. */
export function packTar(files: readonly Packed[]): Buffer {
  const parts = files.flatMap(({ name, bytes }) => [
    header(name, bytes.length),
    Buffer.from(bytes),
    Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK),
  ]);
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

/**
 * The files of a tar that `packTar` could have written: anything else (links, folders, absolute or climbing names, names
 * twice, other owners or times, bytes after the end) is refused. Throws INVALID_ARGUMENT.
 */
export function unpackTar(tar: Buffer): readonly Packed[] {
  const files: Packed[] = [];
  const names = new Set<string>();
  let at = 0;
  while (at + BLOCK <= tar.length && tar[at] !== 0) {
    const block = tar.subarray(at, at + BLOCK);
    const { name, size } = headerOf(block);
    const end = at + BLOCK + size;
    if (end > tar.length || names.has(name) || !header(name, size).equals(block)) throw broken();
    names.add(name);
    files.push({ name, bytes: tar.subarray(at + BLOCK, end) });
    at = at + BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (tar.subarray(end, at).some(byte => byte !== 0)) throw broken();
  }
  if (tar.length !== at + 2 * BLOCK || tar.subarray(at).some(byte => byte !== 0)) throw broken();
  return files;
}

function header(path: string, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const { prefix, name } = split(path);
  block.write(name, 0, 'latin1');
  block.write('0000644\0', 100, 'latin1');
  block.write('0000000\0', 108, 'latin1');
  block.write('0000000\0', 116, 'latin1');
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  block.write('00000000000\0', 136, 'latin1');
  block.write('        ', 148, 'latin1');
  block.write('0', 156, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  block.write(prefix, 345, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function headerOf(block: Buffer): { name: string; size: number } {
  const field = (start: number, length: number) =>
    block.toString('latin1', start, start + length).split('\0')[0] ?? '';
  const size = /^[0-7]{11}$/.exec(field(124, 12))?.[0];
  const prefix = field(345, MAX_PREFIX);
  const name = prefix === '' ? field(0, MAX_NAME) : `${prefix}/${field(0, MAX_NAME)}`;
  if (size === undefined || !isPlain(name)) throw broken();
  return { name, size: Number.parseInt(size, 8) };
}

/** Throws LIMIT_EXCEEDED for a name that the format cannot hold. */
function split(path: string): { prefix: string; name: string } {
  if (path.length <= MAX_NAME) return { prefix: '', name: path };
  const at = path.indexOf('/', path.length - MAX_NAME - 1);
  if (at > 0 && at <= MAX_PREFIX) return { prefix: path.slice(0, at), name: path.slice(at + 1) };
  throw new SpecError('LIMIT_EXCEEDED', `The name ${path.slice(-80)} is too long for a tar file.`);
}

/** Letters, digits, dots, dashes and underscores between slashes; no part begins with two dots. */
function isPlain(name: string): boolean {
  return /^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/.test(name) && !/(?:^|\/)\.\.?(?:\/|$)/.test(name);
}

function broken(): SpecError {
  return new SpecError(
    'INVALID_ARGUMENT',
    'That is no evidence bundle of this product, or it was changed: its tar holds something else than plain files in their one form.',
  );
}
