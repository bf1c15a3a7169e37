import type { ProcessOwner } from '../schemas/run.js';
import type { Compress } from './compress.js';
import type { OpenFolder } from './folder.js';
import type { Git } from './git.js';
import type { Locks } from './locks.js';
import type { PrivateFolder } from './private-folder.js';

/**
 * The port types: everything outside this process that a call may touch. `src/ports` implements them,
 * `src/bin` wires them once, every core takes a `Workspace` as an argument.
 *
 * Paths are relative to the workspace root, with `/` as separator. File calls are synchronous: on Node 20
 * that is 5-28 times faster for the many small files we handle, and it leaves no half-done step behind an await.
 */

export interface FileInfo {
  /** `outside`: the path leaves the workspace, by its text or by a symbolic link. `other`: a device, socket or FIFO. */
  readonly kind: 'file' | 'directory' | 'other' | 'missing' | 'outside';
  /** Bytes; 0 unless `file`. */
  readonly size: number;
  /** Changes whenever the file is replaced or rewritten (inode, size, mtime in ns); '' unless `file`. */
  readonly version: string;
  readonly mtimeMs: number;
}

export interface Entry {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'other';
}

export interface ReadFile {
  readonly bytes: Buffer;
  readonly version: string;
}

/** Reads a file of an opened folder by its bare name; links are not followed. */
export type FolderRead = (name: string, maxBytes: number) => Buffer | 'missing' | 'not_a_file' | 'too_large';

export interface Files {
  /** Never throws: a hostile string is `missing` or `outside`. */
  info(path: string): FileInfo;
  /**
   * The bytes of a regular file; undefined when there is none.
   * Throws SpecError OUTSIDE_WORKSPACE, LIMIT_EXCEEDED (over `maxBytes`), FILE_UNAVAILABLE (not a file, no permission).
   */
  read(path: string, maxBytes: number): ReadFile | undefined;
  /** `length` bytes from `start`, or undefined when the file is no longer at `version`. */
  readRange(path: string, start: number, length: number, version: string): Buffer | undefined;
  /**
   * For many files of one folder: it is checked and opened once, so that each read costs a third of `read`.
   * `read` is valid during the call only. Throws OUTSIDE_WORKSPACE, FILE_UNAVAILABLE.
   */
  inFolder<T>(path: string, use: (read: FolderRead) => T): T;
  /** For many changes in one folder that exists. Throws OUTSIDE_WORKSPACE, FILE_UNAVAILABLE. */
  openFolder(path: string): OpenFolder;
  /**
   * Changes whenever any file or folder below does, by names, inodes, sizes and times; '' when there is no such folder.
   * Throws FILE_UNAVAILABLE.
   */
  state(path: string): string;
  /** Entries by name, ascending; empty when there is no such directory. Throws OUTSIDE_WORKSPACE. */
  list(path: string): readonly Entry[];
  /**
   * Replaces an existing file atomically (temp file, fsync, rename, directory fsync), keeping its mode, writing through a
   * symbolic link that stays inside. Throws STALE_WRITE when the file is no longer at `version`, FILE_UNAVAILABLE on I/O errors.
   */
  replace(path: string, bytes: Uint8Array, version: string): void;
  /**
   * Creates a file that does not exist, with its folders, and fsyncs it. A crash may leave it cut short, so what others read
   * is created in a staging folder and published with `link`. Throws EXISTS, FILE_UNAVAILABLE, OUTSIDE_WORKSPACE.
   */
  create(path: string, bytes: Uint8Array, mode?: number): void;
  /** Hard link `to` -> `from`. False when `to` exists already; throws EVIDENCE_FS_NO_LINK where links do not work. */
  link(from: string, to: string): boolean;
  /** Removes a file or a directory tree; absent is fine. */
  remove(path: string): void;
  makeDirectory(path: string): void;
  /** Makes the entries of a directory durable. */
  syncDirectory(path: string): void;
  /** Absolute path of something inside the workspace, for a port that must hand it to the system. */
  absolute(path: string): string;
}

export interface CommandRun {
  /** Program and arguments, from committed configuration only. */
  readonly argv: readonly string[];
  readonly timeoutMs: number;
  /** Path in the workspace, or in `folder`, of the file that receives stdout and stderr; created 0600, must not exist. */
  readonly log: string;
  /** The same for a file that receives stderr alone. */
  readonly errorLog?: string;
  /** More output than this ends it: 64 MiB unless said. */
  readonly maxLogBytes?: number;
  /** A file in the workspace, or in `folder`, that it reads as its standard input. Without, that is empty. */
  readonly input?: string;
  /** Path of a `PrivateFolder` to run in, instead of the workspace. */
  readonly folder?: string;
  /** Variables beside, and over, those that every command gets. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * How a command ended. Only `exited` with `exitCode` 0 can count as passed.
 * `not_started`: no such program, not executable. `timeout` and `cancelled`: we ended its process group.
 * `truncated`: it wrote more than the log may hold and was ended.
 */
export interface CommandEnd {
  readonly ending: 'exited' | 'signalled' | 'timeout' | 'cancelled' | 'truncated' | 'not_started';
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly durationMs: number;
  /** Our words, to follow the name of the command in a sentence: "exited with code 3."; no argv, no path. */
  readonly reason: string;
  /** True when processes of the command had to be hunted down after it ended or was ended. */
  readonly leftovers: boolean;
}

/**
 * What `RunCommand` would start for the first word of an argv: the absolute path, the home directory as `~`, and whether the file
 * is one of the workspace. Else why there is none, to follow its name in a sentence: "could not start: ...".
 */
export type FindProgram = (
  name: string,
) => { readonly path: string; readonly inWorkspace: boolean } | { readonly problem: string };

/**
 * Runs one program without a shell. The log file exists afterwards, whatever the ending; when it cannot be created, throws
 * SpecError OUTSIDE_WORKSPACE, FILE_UNAVAILABLE.
 */
export type RunCommand = (run: CommandRun) => Promise<CommandEnd>;

export interface LogCopy {
  /** Bytes the command wrote; `sha256` is over the redacted copy that was kept. */
  readonly totalBytes: number;
  readonly keptBytes: number;
  readonly truncated: boolean;
  readonly redactions: number;
  readonly sha256: string;
}

/** Redacts bytes that arrive in pieces: the pieces of output together are the redacted input. */
export interface RedactionStream {
  /** The bytes may be reused after the call. */
  push(bytes: Uint8Array): Buffer;
  end(): Buffer;
  /** How many places were hidden so far. */
  count(): number;
}

/** Replaces secrets by `[redacted]` and leaves every other byte as it is. */
export interface Redactor {
  /** What stands at an offset is decided by at most this many bytes before and after it. */
  readonly reach: number;
  /** Gives out only what stands at input offsets `[from, to)`, judged with all that is pushed around it. */
  stream(from?: number, to?: number): RedactionStream;
  text(value: string): string;
  /** The same JSON value with its strings and member names redacted. */
  json<T>(value: T): T;
}

/**
 * Copies a staging log to another new file, redacted on the way, never whole in memory, fsynced. A long log keeps its head
 * and tail with a line between them that says how much is left out.
 */
export type CopyLog = (from: string, to: string) => Promise<LogCopy>;

export interface HttpRequest {
  /** Scheme, host and port, e.g. `http://127.0.0.1:7878`: nothing else is contacted, whatever the answer says. */
  readonly origin: string;
  readonly method: string;
  /** Path and query as they go over the wire. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** From the look-up of the host to the last byte. */
  readonly timeoutMs: number;
  /** The rest of a longer body is not read. */
  readonly maxBodyBytes: number;
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** What was read of it, never decoded. */
  readonly body: Buffer;
  /** `unread`: it is encoded although we asked for none. `cut`: it is longer than allowed. `broken`: see `failure`. */
  readonly bodyEnd: 'whole' | 'cut' | 'unread' | 'broken';
}

export interface HttpFailure {
  readonly cause: 'dns' | 'refused' | 'timeout' | 'tls' | 'connection' | 'cancelled';
  /** Our words, a sentence without its subject: "refused the connection (ECONNREFUSED)". */
  readonly reason: string;
}

/** What came over the wire, and why no more came. */
export interface HttpExchange {
  /** Undefined when no status line came. */
  readonly response: HttpResponse | undefined;
  readonly failure: HttpFailure | undefined;
  /** The IP address that was connected to. */
  readonly address: string | undefined;
  readonly durationMs: number;
}

/**
 * Sends one request on a connection of its own. Follows no redirect, decodes nothing, uses no proxy, keeps no cookie; certificates are
 * verified. The name `localhost` and loopback addresses stay on this machine; every other host must not lead to loopback,
 * link-local, unspecified or multicast addresses. Never throws.
 */
export type SendRequest = (request: HttpRequest) => Promise<HttpExchange>;

/** What the operator orders for HAL checks. */
export interface HalOrders {
  /** SPEC_OPS_HAL_SKIP: no check runs, which is a recorded waiver. */
  readonly skip: boolean;
  /** SPEC_OPS_TELEMETRY_HAL: false keeps `hal.summary` out of telemetry. */
  readonly telemetry: boolean;
  /** SPEC_OPS_HAL_BASE_URL */
  readonly baseUrl: string | undefined;
  /** SPEC_OPS_HAL_SECRET_ENV: name of the variable that holds the API key. */
  readonly secretEnv: string | undefined;
  /** SPEC_OPS_HAL_EVIDENCE_DIR: a folder of the workspace that gets a copy of every capture. */
  readonly evidenceDir: string | undefined;
}

/** What the person who started the process ordered, read from environment and flags; never from a tool argument. */
export interface Operator {
  /** SPEC_OPS_ALLOW_DIRTY */
  readonly allowDirty: boolean;
  /** SPEC_OPS_BASELINE_ALLOW_FAIL */
  readonly baselineAllowFail: boolean;
  /** SPEC_KIT_TRUST: hex sha256 of the bytes of spec-kit.toml whose commands may run. */
  readonly trust: string | undefined;
  readonly hal: HalOrders;
  /** SPEC_OPS_POLICY_PREFILTER_CMD, SPEC_OPS_POLICY_FINAL_CMD: command lines in place of the configured commands. */
  readonly policy: { readonly prefilter: string | undefined; readonly final: string | undefined };
  /** SPEC_KIT_TELEMETRY_ENABLED: false keeps the telemetry line out of consensus evidence. */
  readonly consensusTelemetry: boolean;
  /** SPEC_OPS_CARGO_MANIFEST */
  readonly cargoManifest: string | undefined;
  /**
   * Values of secret-looking environment variables, and each one that `secret` gave out (8 characters or more): they never
   * enter a result or a file. A longer list is another list.
   */
  readonly secrets: readonly string[];
  /** The value of an environment variable, from now on one of `secrets`. */
  secret(name: string): string | undefined;
  /** The value of an environment variable that is no secret. */
  variable(name: string): string | undefined;
}

/** Which process works on something that others find on disk. */
export interface Processes {
  own(): ProcessOwner;
  /** `elsewhere`: on another host, so nobody here can tell whether it lives. */
  stateOf(owner: ProcessOwner): 'alive' | 'gone' | 'elsewhere';
}

/** Everything outside this process that a call may touch. Opened once per workspace, passed to every call. */
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
