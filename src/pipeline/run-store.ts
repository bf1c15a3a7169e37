import { SESSION_ID } from '../../schemas/ids.js';
import type { RunRecord } from '../../schemas/run.js';
import { SpecError } from '../errors.js';
import { newSessionId } from '../evidence/session.js';
import { openDrafts } from '../evidence/staging.js';
import type { Workspace } from '../workspace/workspace.js';
import { asItStands, becomeActive, runIsActive } from './active-run.js';
import { RUNS, readRecord, recordBytes, runPath } from './run-files.js';

const MAX_TRIES = 200;

export interface NewRun {
  readonly kind: string;
  readonly specId: string;
  readonly stage: RunRecord['stage'];
  /** The run that this one is a part of. */
  readonly parent?: string;
  /** False: it runs beside the active run of its spec, as the parts of a run do. Default true. */
  readonly exclusive?: boolean;
  readonly state?: RunRecord['state'];
}

/** What may change in a record. `updatedAt` follows by itself. */
export type RunChange = Partial<
  Pick<RunRecord, 'status' | 'owner' | 'stage' | 'progress' | 'result' | 'failure' | 'state'>
>;

/**
 * Begins a run that this process owns. `root`: the evidence root. The record is on disk when this returns.
 * Throws BUSY, naming the run that is active, for a second run of a spec, whatever process has the first.
 */
export function createRun(workspace: Workspace, root: string, run: NewRun): RunRecord {
  const { files, processes } = workspace;
  const at = workspace.now().toISOString();
  const record: RunRecord = {
    v: 1,
    runId: newSessionId(workspace),
    kind: run.kind,
    specId: run.specId,
    stage: run.stage,
    parent: run.parent ?? null,
    status: 'running',
    owner: processes.own(),
    startedAt: at,
    updatedAt: at,
    progress: null,
    result: null,
    failure: null,
    state: run.state ?? {},
  };
  publish(workspace, root, record);
  if (run.parent !== undefined || run.exclusive === false) return record;
  try {
    becomeActive(workspace, root, record);
    return record;
  } catch (error) {
    files.remove(runPath(root, record.runId));
    throw error;
  }
}

function publish(workspace: Workspace, root: string, record: RunRecord): void {
  const { files } = workspace;
  const bytes = recordBytes(workspace, record);
  const drafts = openDrafts(workspace, root, record.runId);
  try {
    if (!files.link(drafts.create(bytes), runPath(root, record.runId)))
      throw new SpecError('EXISTS', `There is a run ${record.runId} already. Call again.`);
  } finally {
    drafts.discard();
  }
  files.syncDirectory(`${root}/${RUNS}`);
}

/** As it stands now: a run whose process died is `interrupted`. Throws NOT_FOUND, FILE_UNAVAILABLE for a corrupt record. */
export function readRun(workspace: Workspace, root: string, runId: string): RunRecord {
  return asItStands(workspace, stored(workspace, root, runId).record);
}

/** Undefined instead of NOT_FOUND. */
export function findRun(workspace: Workspace, root: string, runId: string): RunRecord | undefined {
  const found = SESSION_ID.test(runId) ? readRecord(workspace, root, runId) : undefined;
  return found === undefined ? undefined : asItStands(workspace, found.record);
}

/**
 * Replaces a record atomically. `change` is asked again when another process was faster; what it throws leaves the record
 * as it is. Throws NOT_FOUND, FILE_UNAVAILABLE, STALE_WRITE when others never stop writing.
 */
export function updateRun(
  workspace: Workspace,
  root: string,
  runId: string,
  change: (record: RunRecord) => RunChange,
): RunRecord {
  for (let tries = 1; ; tries++) {
    const { record, version } = stored(workspace, root, runId);
    const changes = change(asItStands(workspace, record));
    const next = { ...record, ...changes, updatedAt: workspace.now().toISOString() };
    try {
      workspace.files.replace(runPath(root, runId), recordBytes(workspace, next), version);
      return next;
    } catch (error) {
      if (!(error instanceof SpecError) || error.code !== 'STALE_WRITE' || tries >= MAX_TRIES) throw error;
    }
  }
}

/**
 * Makes this process the owner of a run that nobody works on (`interrupted`, `awaiting_output`), to go on with it.
 * `also`: more states that a run of its kind can be taken up from.
 * Throws BUSY when a living process has it or another run of the spec is active, REFUSED when it has ended.
 */
export function takeRun(
  workspace: Workspace,
  root: string,
  runId: string,
  also: readonly RunRecord['status'][] = [],
): RunRecord {
  const found = readRun(workspace, root, runId);
  assertFree(found, also);
  if (found.parent === null) becomeActive(workspace, root, found);
  return updateRun(workspace, root, runId, record => {
    assertFree(record, also);
    return { status: 'running', owner: workspace.processes.own(), failure: null, result: null };
  });
}

/** Its owner, if it lives, sees it at its next update and ends what it started. Throws REFUSED when the run has ended. */
export function cancelRun(workspace: Workspace, root: string, runId: string): RunRecord {
  return updateRun(workspace, root, runId, record => {
    if (record.status !== 'running') assertFree(record);
    return { status: 'cancelled', owner: null };
  });
}

function assertFree(record: RunRecord, also: readonly RunRecord['status'][] = []): void {
  if (record.status === 'running') throw runIsActive(record);
  if (also.includes(record.status)) return;
  if (record.status === 'interrupted' || record.status === 'awaiting_output') return;
  throw new SpecError(
    'REFUSED',
    `Run ${record.runId} has ended (${record.status}), so there is nothing to go on with. Start a new one.`,
  );
}

/** Newest first, at most `limit`; those of one spec when `specId` is given. A corrupt record is an error that names it. */
export function listRuns(
  workspace: Workspace,
  root: string,
  { limit, specId }: { readonly limit: number; readonly specId?: string },
): readonly (RunRecord | SpecError)[] {
  const found: (RunRecord | SpecError)[] = [];
  for (const runId of runIds(workspace, root)) {
    if (found.length >= limit) break;
    const run = readOrError(workspace, root, runId);
    if (run === undefined) continue;
    if (specId === undefined || run instanceof SpecError || run.specId === specId) found.push(run);
  }
  return found;
}

function readOrError(workspace: Workspace, root: string, runId: string): RunRecord | SpecError | undefined {
  try {
    return findRun(workspace, root, runId);
  } catch (error) {
    if (error instanceof SpecError) return error;
    throw error;
  }
}

/** Their ids, newest first; no record is read. */
export function runIds({ files }: Workspace, root: string): readonly string[] {
  return files
    .list(`${root}/${RUNS}`)
    .map(({ name }) => name.replace(/\.json$/, ''))
    .filter(name => SESSION_ID.test(name))
    .reverse();
}

/** Writes `interrupted` into the newest records whose process died. For the start of a server; a corrupt record is left. */
export function settleRuns(workspace: Workspace, root: string, limit = 100): readonly RunRecord[] {
  return runIds(workspace, root)
    .slice(0, limit)
    .flatMap(runId => {
      const run = readOrError(workspace, root, runId);
      if (run === undefined || run instanceof SpecError || run.status !== 'interrupted') return [];
      return readRecord(workspace, root, runId)?.record.status === 'running'
        ? [updateRun(workspace, root, runId, ({ status }) => ({ status, owner: null }))]
        : [];
    });
}

function stored(workspace: Workspace, root: string, runId: string) {
  const found = SESSION_ID.test(runId) ? readRecord(workspace, root, runId) : undefined;
  if (found !== undefined) return found;
  const [newest] = runIds(workspace, root);
  throw new SpecError(
    'NOT_FOUND',
    `There is no run ${runId.slice(0, 40)} in this workspace. ${newest === undefined ? 'No run has been recorded yet.' : `The newest is ${newest}.`}`,
  );
}
