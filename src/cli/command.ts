import type { MockMode } from '../../schemas/hal.js';
import type { SshSignatures } from '../workspace/signatures.js';
import type { Workspace } from '../workspace/workspace.js';

/** A flag as data; parsing and help both read it. */
export interface Flag {
  readonly type: 'string' | 'boolean';
  /** May be given several times. */
  readonly multiple?: true;
  /** What stands for the value in help, e.g. DIR. */
  readonly value?: string;
  readonly help: string;
}

export interface Parsed {
  readonly positionals: readonly string[];
  /** The value of a text flag, the last one when it was repeated. */
  text(flag: string): string | undefined;
  texts(flag: string): readonly string[];
  on(flag: string): boolean;
}

/** What a command prints and how the process ends. `json` is printed alone with --json, else `text`. */
export interface Answer {
  readonly json: object;
  readonly text: string;
  readonly exitCode: number;
}

/** What a command may use of the process. */
export interface Terminal {
  /** Opens the workspace that holds `directory`, by default the current folder. */
  open(directory: string | undefined): Workspace;
  /** As `open`; a folder that is in no repository is opened as it is. Only to read. */
  openToRead(directory: string | undefined): Workspace;
  /** An exported bundle, unpacked until `close`. Throws INVALID_ARGUMENT. */
  openExport(file: string): Promise<{ readonly workspace: Workspace; close(): Promise<void> }>;
  /** Writes a new file where the person says. Throws INVALID_ARGUMENT when there is one. */
  output(file: string, bytes: Uint8Array): Promise<void>;
  /** Remembers, in the user's own configuration folder, that a person trusts this spec-kit.toml of this repository. */
  trust(configDigest: string, workspace: Workspace): void;
  /** The line that a person types in answer to a question; undefined where nobody sits at a terminal. */
  ask(question: string): Promise<string | undefined>;
  /** The text of a file, relative to the current folder, or of standard input. Throws INVALID_ARGUMENT. */
  input(file: string | undefined): Promise<string>;
  /** Key files and files of signers are relative to the current folder. */
  readonly ssh: SshSignatures;
  /**
   * Writes a file, relative to the current folder; one that is there only when it begins with `mark`. Throws EXISTS,
   * FILE_UNAVAILABLE.
   */
  page(file: string, text: string, mark: string): void;
  /** Answers of earlier calls, out of reach of whoever writes the repository. */
  readonly kept: {
    read(key: string): string | undefined;
    write(key: string, text: string): void;
  };
  /** Serves the mock API on 127.0.0.1; port 0 takes a free one. Throws INVALID_ARGUMENT when the port is taken. */
  mock(mode: MockMode, port: number): Promise<{ readonly url: string; close(): Promise<void> }>;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** A line of a transcript on stdout, before the answer; nothing with --json. */
  say(line: string): void;
  /** A line on stderr while work goes on. */
  note(line: string): void;
  /** Where the work is, on stderr. */
  step(done: number, total: number, message: string): void;
}

export interface Described {
  readonly name: string;
  readonly summary: string;
  /** Positional arguments as shown in help, e.g. "STAGE SPEC-ID". */
  readonly takes: string;
  /** Fewest and most positional arguments. */
  readonly positionals: readonly [fewest: number, most: number];
  readonly flags: Readonly<Record<string, Flag>>;
  readonly example: string;
}

export interface Command extends Described {
  run(parsed: Parsed, terminal: Terminal): Promise<Answer>;
}

/** Flags of every command. */
export const commonFlags: Readonly<Record<string, Flag>> = {
  workspace: {
    type: 'string',
    value: 'DIR',
    help: 'folder in the git repository to work in (default: the current one)',
  },
  json: { type: 'boolean', help: 'print the result as JSON, alone on stdout' },
  help: { type: 'boolean', help: 'show this help' },
};
