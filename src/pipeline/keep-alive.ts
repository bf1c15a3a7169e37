import { SpecError } from '../errors.js';
import type { Workspace } from '../workspace/workspace.js';
import { readRun, updateRun } from './run-store.js';

const LOOK_MS = 1000;
const WRITE_MS = 60_000;

export interface Alive {
  /** Aborted when the caller or the record says so. */
  readonly signal: AbortSignal;
  end(): void;
}

/** While work goes on: the record shows that its process lives, and somebody may cancel it there. */
export function keepAlive(workspace: Workspace, root: string, runId: string, caller: AbortSignal): Alive {
  const stop = new AbortController();
  const over = new AbortController();
  const cancel = () => stop.abort(caller.reason);
  if (caller.aborted) cancel();
  caller.addEventListener('abort', cancel, { once: true });
  const watch = async () => {
    while (!over.signal.aborted) {
      await workspace.wait(LOOK_MS, over.signal);
      if (over.signal.aborted) return;
      if (look(workspace, root, runId) === 'cancelled')
        stop.abort(new SpecError('CANCELLED', `Run ${runId} was cancelled.`));
    }
  };
  void watch();
  return {
    signal: stop.signal,
    end() {
      over.abort();
      caller.removeEventListener('abort', cancel);
    },
  };
}

/** A record that cannot be read at this moment says nothing. */
function look(workspace: Workspace, root: string, runId: string): string {
  try {
    const { status, updatedAt } = readRun(workspace, root, runId);
    const silent = workspace.now().getTime() - Date.parse(updatedAt) > WRITE_MS;
    return status === 'running' && silent ? updateRun(workspace, root, runId, () => ({})).status : status;
  } catch (error) {
    if (error instanceof SpecError) return 'unknown';
    throw error;
  }
}
