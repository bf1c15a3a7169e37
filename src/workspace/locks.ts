/**
 * The locks of specs, one small file each, in the folder that all work trees of the repository share. Git sees none of it.
 */
export interface Locks {
  /** Of the person whom the system says this process belongs to. */
  readonly user: string;
  /** The bytes of a lock file; undefined when nobody holds it. A longer file is cut. Throws FILE_UNAVAILABLE, GIT_UNAVAILABLE. */
  read(specId: string): Buffer | undefined;
  /**
   * One change at a time, over all processes: `decide` gets the bytes that are there and gives those that shall be, undefined
   * for none. Durable when it resolves. Throws BUSY, FILE_UNAVAILABLE, GIT_UNAVAILABLE.
   */
  change(specId: string, decide: (held: Buffer | undefined) => Buffer | undefined): Promise<void>;
}
