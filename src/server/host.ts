import type { Prompt } from '../prompt.js';
import type { Resource } from '../resource.js';
import type { Tool } from '../tool.js';
import type { Workspace } from '../workspace/workspace.js';
import { createHub, type Hub } from './hub.js';
import { matchUri } from './resource-uri.js';
import { createSlots, READ_SLOTS, RUN_SLOTS, type Slots } from './slots.js';

/** What the person who starts the server decides. */
export interface HostParts {
  readonly tools: readonly Tool[];
  readonly resources: readonly Resource[];
  readonly prompts?: readonly Prompt[];
  /** The allowed ones; the first is the default, and the one that resources are read from. */
  readonly workspaces: readonly [Workspace, ...Workspace[]];
  /** One line for the person who runs the server; goes to stderr. */
  log(line: string): void;
}

/** Everything one server process shares among its connections. */
export interface Host extends HostParts {
  readonly hub: Hub;
  readonly reads: Slots;
  readonly runs: Slots;
}

/** `pollMs`: how often subscribed resources are looked at for changes on disk. */
export function createHost(parts: HostParts, pollMs = 1000): Host {
  return {
    ...parts,
    hub: createHub(uri => versionOf(parts, uri), pollMs),
    reads: createSlots(READ_SLOTS),
    runs: createSlots(RUN_SLOTS),
  };
}

/** Waits until no call runs any more, at most `ms`. */
export async function whenIdle({ reads, runs }: Host, ms: number): Promise<void> {
  const deadline = performance.now() + ms;
  while (reads.active() + runs.active() > 0 && performance.now() < deadline) {
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}

function versionOf({ resources, workspaces: [workspace] }: HostParts, uri: string): string {
  const match = matchUri(resources, uri);
  const params = match?.resource.params.safeParse(match.variables);
  if (!match || !params?.success) return '';
  try {
    return match.resource.version(params.data, workspace);
  } catch {
    return '';
  }
}
