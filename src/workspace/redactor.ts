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
