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
