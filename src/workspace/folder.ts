/**
 * A folder that was checked and opened once: what is done by bare names in it costs no further checks, and stays in it when
 * something else takes its place. To be closed. Errors are those of `Files`.
 */
export interface OpenFolder {
  /** Relative to the workspace. */
  readonly path: string;
  has(name: string): boolean;
  /** A regular file; links are not followed. */
  read(name: string, maxBytes: number): Buffer | 'missing' | 'not_a_file' | 'too_large';
  /** In no order. */
  names(): readonly string[];
  /** As `Files.create`. */
  create(name: string, bytes: Uint8Array): void;
  /** As `Files.link`. */
  link(name: string, to: OpenFolder, as: string): boolean;
  remove(name: string): void;
  /** As `Files.syncDirectory`. */
  sync(): void;
  close(): void;
}
