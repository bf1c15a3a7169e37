import fs, { type PathLike } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** What goes wrong. `short`: a write that takes only half of the bytes, which is no error to the system. */
export type Fault = 'EIO' | 'ENOSPC' | 'EMFILE' | 'short';

/** The calls that each fault can hit: a full disk does not fail a read, and too many files fail only what opens one. */
const HIT: Readonly<Record<Fault, readonly string[]>> = {
  EIO: [
    'openSync',
    'readSync',
    'writeSync',
    'fsyncSync',
    'mkdirSync',
    'linkSync',
    'renameSync',
    'rmSync',
    'unlinkSync',
    'rmdirSync',
    'fstatSync',
    'readdirSync',
    'statSync',
    'lstatSync',
    'writeFileSync',
  ],
  ENOSPC: ['openSync', 'writeSync', 'fsyncSync', 'mkdirSync', 'linkSync', 'renameSync', 'writeFileSync'],
  EMFILE: ['openSync', 'readdirSync', 'writeFileSync'],
  short: ['writeSync'],
};

export interface Tried {
  /** False: fewer calls than `n` were made, so none was hit. */
  readonly hit: boolean;
  /** Name of the call that was hit. */
  readonly call: string;
  /** What `act` threw; undefined when it ended well. */
  readonly error: unknown;
}

type Call = (...args: unknown[]) => unknown;

/**
 * Runs `act` while the n-th file-system call below `root` goes wrong. Real files, real calls: only the one is
 * replaced. Everything is as before afterwards.
 */
export async function withFault(root: string, fault: Fault, n: number, act: () => unknown): Promise<Tried> {
  const originals = new Map<string, Call>();
  const opened = new Set<unknown>();
  const table: Record<string, unknown> = Object.getOwnPropertyDescriptor({ fs }, 'fs')?.value;
  let count = 0;
  let call = '';
  const concerns = (first: unknown) =>
    typeof first === 'number'
      ? opened.has(first)
      : String(first).startsWith(root) || String(first).startsWith('/proc/self/fd/');
  for (const name of new Set([...HIT[fault], 'openSync'])) {
    const original = table[name];
    if (typeof original !== 'function') throw new TypeError(name);
    const plain: Call = (...args) => Reflect.apply(original, fs, args);
    originals.set(name, plain);
    table[name] = Object.assign((...args: unknown[]) => {
      if (HIT[fault].includes(name) && concerns(args[0]) && ++count === n) {
        call = name;
        if (fault !== 'short') throw systemError(fault, name, args[0]);
        const [fd, bytes, offset, length] = args;
        return plain(fd, bytes, offset, Math.max(1, Math.floor(Number(length) / 2)));
      }
      const result = plain(...args);
      if (name === 'openSync' && concerns(args[0])) opened.add(result);
      return result;
    }, original);
  }
  syncBuiltinESMExports();
  try {
    await act();
    return { hit: call !== '', call, error: undefined };
  } catch (error) {
    return { hit: call !== '', call, error };
  } finally {
    for (const [name, original] of originals) table[name] = original;
    syncBuiltinESMExports();
  }
}

function systemError(code: string, syscall: string, target: unknown): Error {
  const place = typeof target === 'number' ? '' : ` '${String(target as PathLike)}'`;
  return Object.assign(new Error(`${code}: injected, ${syscall}${place}`), { code, syscall });
}
