import type { OpenFolder } from './folder.js';

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

/**
 * Paths are relative to the workspace root, with `/` as separator. Calls are synchronous: on Node 20 that is 5-28 times
 * faster for the many small files we handle, and it leaves no half-done step behind an await.
 */
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
