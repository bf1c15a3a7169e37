import type { FindProgram, RunCommand } from './command.js';
import type { Compress } from './compress.js';
import type { Files } from './files.js';
import type { Git } from './git.js';
import type { SendRequest } from './http.js';
import type { Locks } from './locks.js';
import type { Operator } from './operator.js';
import type { PrivateFolder } from './private-folder.js';
import type { Processes } from './processes.js';
import type { CopyLog } from './redactor.js';

/**
 * Everything outside this process that a call may touch: the types of this folder. `src/ports` implements them, `src/bin` wires
 * them once per workspace, every core takes a `Workspace` as an argument.
 */
export interface Workspace {
  readonly compress: Compress;
  /** Absolute real path of the git top level. */
  readonly root: string;
  /** `root` with the home directory as `~`: the form that results and errors show. */
  readonly label: string;
  readonly files: Files;
  readonly git: Git;
  readonly locks: Locks;
  readonly runCommand: RunCommand;
  readonly findProgram: FindProgram;
  readonly copyLog: CopyLog;
  /** Throws FILE_UNAVAILABLE. */
  openPrivateFolder(): PrivateFolder;
  readonly http: SendRequest;
  readonly operator: Operator;
  readonly processes: Processes;
  /** What we run on, for the record: "v20.20.2" and "linux x64". */
  readonly runtime: { readonly node: string; readonly os: string };
  /** True when the person trusted the commands of exactly this spec-kit.toml (hex sha256 of its bytes). */
  trusts(configDigest: string): boolean;
  now(): Date;
  /** Resolves after `ms` milliseconds, or at once when `signal` is aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  /** `bytes` random bytes as lower-case hex. */
  randomHex(bytes: number): string;
}
