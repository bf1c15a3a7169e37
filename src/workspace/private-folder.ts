/** A new, empty folder outside every workspace that nobody else may enter. */
export interface PrivateFolder {
  /** Absolute. */
  readonly path: string;
  /** Creates a file, 0600, with the folders above it. Throws FILE_UNAVAILABLE, OUTSIDE_WORKSPACE. */
  write(name: string, text: string): void;
  /** The first `maxBytes` bytes of a regular file; nothing when there is none. */
  read(name: string, maxBytes: number): Buffer;
  /** Removes it with all that is in it. Whoever forgets it: it goes when this program ends. */
  remove(): void;
}
