import fs, { type PathLike } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * What goes wrong. `short`: a write that takes only half of the bytes, which is no error to the system. `death`: as if the
 * process was killed at that call, a write half done: nothing changes the disk from then on, whatever is tried.
 */
export type Fault = 'EIO' | 'ENOSPC' | 'EMFILE' | 'short' | 'death';

/** Calls that change the disk, or open what does. */
const CHANGING = [
  'openSync',
  'writeSync',
  'fsyncSync',
  'mkdirSync',
  'linkSync',
  'renameSync',
  'rmSync',
  'unlinkSync',
  'rmdirSync',
  'writeFileSync',
];

/** The calls that each fault can hit: a full disk does not fail a read, and too many files fail only what opens one. */
const HIT: Readonly<Record<Fault, readonly string[]>> = {
  EIO: [...CHANGING, 'readSync', 'fstatSync', 'readdirSync', 'statSync', 'lstatSync'],
  ENOSPC: ['openSync', 'writeSync', 'fsyncSync', 'mkdirSync', 'linkSync', 'renameSync', 'writeFileSync'],
  EMFILE: ['openSync', 'readdirSync', 'writeFileSync'],
  short: ['writeSync'],
  death: CHANGING,
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
      if (canHit(fault, name, args) && concerns(args[0]) && isHit(fault, ++count, n)) {
        const first = call === '';
        call ||= name;
        return strike(fault, first, { name, plain }, args);
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

/** A dead process reads nothing either, but what it would read tells nobody anything. */
function canHit(fault: Fault, name: string, [, flags]: readonly unknown[]): boolean {
  if (!HIT[fault].includes(name)) return false;
  if (fault !== 'death' || name !== 'openSync') return true;
  return typeof flags === 'number' ? (flags & fs.constants.O_CREAT) !== 0 : /[wax+]/.test(String(flags));
}

/** What the call that is hit does instead; `first`: nothing was hit before it. */
function strike(
  fault: Fault,
  first: boolean,
  { name, plain }: { readonly name: string; readonly plain: Call },
  args: readonly unknown[],
): unknown {
  const [fd, bytes, offset, length] = args;
  const half = Math.max(1, Math.floor(Number(length) / 2));
  if (fault === 'short') return plain(fd, bytes, offset, half);
  if (fault === 'death' && name === 'writeSync' && first) plain(fd, bytes, offset, half);
  throw systemError(fault === 'death' ? 'EIO' : fault, name, fd);
}

function isHit(fault: Fault, count: number, n: number): boolean {
  return fault === 'death' ? count >= n : count === n;
}

function systemError(code: string, syscall: string, target: unknown): Error {
  const place = typeof target === 'number' ? '' : ` '${String(target as PathLike)}'`;
  return Object.assign(new Error(`${code}: injected, ${syscall}${place}`), { code, syscall });
}
