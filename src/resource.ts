import type * as z from 'zod';
import type { Workspace } from './workspace/workspace.js';

/** One entry of `resources/list`. */
export interface Listed {
  readonly uri: string;
  readonly name: string;
  readonly title?: string;
}

/** A page of entries; `next` is where the following page starts, absent on the last one. */
export interface Page {
  readonly entries: readonly Listed[];
  readonly next?: string;
}

export interface Resource<Params extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: string;
  /** RFC 6570 template (`{name}` only); every variable is a key of `params`. */
  readonly uri: string;
  /** Strict schema of the decoded variables: a hostile value dies here, before `read`. */
  readonly params: Params;
  /** A page that starts at `from` (a `next` of ours, or undefined for the first), of at most `limit` entries. */
  list(workspace: Workspace, from: string | undefined, limit: number): Promise<Page>;
  /** The text, or undefined when there is no such thing. */
  read(params: z.output<Params>, workspace: Workspace): Promise<string | undefined>;
  /** A cheap mark that changes whenever the text may have changed on disk; '' for what never does. */
  version(params: z.output<Params>, workspace: Workspace): string;
  /** Values of one variable that start with `value`, given the variables already filled in. */
  complete(
    variable: string,
    value: string,
    filled: Readonly<Record<string, string>>,
    workspace: Workspace,
  ): Promise<readonly string[]>;
}

/** Ties the types of `read` to the schema of the variables. Does nothing at run time. */
export function defineResource<Params extends z.ZodObject>(resource: Resource<Params>): Resource<Params> {
  return resource;
}
