export interface GitHead {
  /** Object ids; null in a repository without commits. */
  readonly commit: string | null;
  readonly tree: string | null;
  /** Null when HEAD is detached. */
  readonly branch: string | null;
}

export interface GitChange {
  readonly path: string;
  /** The two letters of `git status --porcelain`, e.g. ' M', 'A ', '??'. */
  readonly code: string;
}

/** A file as git stores it: its path and the object that holds its bytes. */
export interface StoredVersion {
  readonly path: string;
  readonly id: string;
}

/** The sides of a merge, begun or done. */
export interface GitSides {
  /** Versions of conflicted files under a folder. Stage 1: the common one, 2: ours, 3: theirs. */
  unmerged(folder: string): Promise<readonly (StoredVersion & { readonly stage: number })[]>;
  /** The commits being merged, HEAD among them, and those that HEAD merged. */
  others(): Promise<readonly string[]>;
  filesAt(commit: string, folder: string): Promise<readonly StoredVersion[]>;
  /** The text of a stored file; undefined when it is longer. */
  text(id: string, maxBytes: number): Promise<string | undefined>;
}

/** Read-only, hardened git. Every call throws SpecError GIT_UNAVAILABLE when git cannot answer. */
export interface Git {
  head(): Promise<GitHead>;
  /** Uncommitted changes, untracked files included (ignored ones not), each file by itself. */
  changes(): Promise<readonly GitChange[]>;
  /** How many tracked files a sparse checkout leaves out of the work tree. */
  leftOut(): Promise<number>;
  /** Every tracked file and every folder above one. */
  tracked(): Promise<ReadonlySet<string>>;
  /** Names of local and remote branches, remotes without their remote's name too. */
  branches(): Promise<ReadonlySet<string>>;
  /** Which of `paths` git ignores. */
  ignored(paths: readonly string[]): Promise<ReadonlySet<string>>;
  /** True when `commit` is `of` or lies in its history, as far back as this clone goes; both are full object ids. */
  isAncestor(commit: string, of: string): Promise<boolean>;
  /** Paths that differ between the trees of two commits, submodules included, a renamed file under both names. */
  changedBetween(from: string, to: string): Promise<readonly string[]>;
  /** Which of these full object ids are in this clone. In a shallow one, those that are not may still exist. */
  here(
    objects: readonly string[],
  ): Promise<{ readonly known: ReadonlySet<string>; readonly shallow: boolean }>;
  /** The bytes of a blob, by its id or as `<commit id>:<path>`; undefined when it is not here or larger than `maxBytes`. */
  blob(name: string, maxBytes: number): Promise<Buffer | undefined>;
  /** Keys of the repository's own configuration that could run programs; empty is normal. They are neutralised anyway. */
  untrustedConfig(): Promise<readonly string[]>;
  /** "Ana <ana@example.com>", as git would put it into a commit; undefined unless both are configured. */
  identity(): Promise<string | undefined>;
  /** A merge was begun and not committed. Asks no git. */
  isMerging(): boolean;
  /** Values of a trailer of the last 1,000 commits in the history of HEAD that have it, newest first. */
  trailers(key: string): Promise<readonly { readonly commit: string; readonly value: string }[]>;
  readonly sides: GitSides;
  /** "git version 2.39.5", for the record. */
  version(): Promise<string>;
}
