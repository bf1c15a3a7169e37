import { SESSION_ID } from '../../schemas/ids.js';
import type { RunRecord } from '../../schemas/run.js';
import { SpecError } from '../errors.js';
import { discard, openDrafts } from '../evidence/staging.js';
import type { Workspace } from '../workspace/workspace.js';
import { readRecord } from './run-files.js';
import { endingWords, shownCall, takeUpCall } from './take-up.js';

/** A living process writes its record at least this often, also on a host whose processes cannot be seen from here. */
const SILENCE_MS = 15 * 60 * 1000;
const MAX_TURNS = 1000;

/**
 * Which run of a spec is the active one: files `<number>` under `.staging/active/<SPEC-ID>`, each holding a run id; the
 * highest counts and is never removed. Taking over means linking the next number, so that two successors cannot both win.
 */
function turnsFolder(root: string, specId: string): string {
  return `${root}/.staging/active/${specId}`;
}

function turnName(turn: number): string {
  return String(turn).padStart(8, '0');
}

/** The run that others have to wait for. Throws FILE_UNAVAILABLE when its record is corrupt. */
export function activeRun(workspace: Workspace, root: string, specId: string): RunRecord | undefined {
  const { holder } = newestTurn(workspace, root, specId);
  const record = holder === undefined ? undefined : readRecord(workspace, root, holder)?.record;
  return record === undefined || record.specId !== specId ? undefined : holding(workspace, record);
}

function holding(workspace: Workspace, record: RunRecord): RunRecord | undefined {
  const { status } = asItStands(workspace, record);
  return status === 'running' || status === 'awaiting_output' ? record : undefined;
}

/** Makes a run the active one of its spec. Throws BUSY, naming the run that is. */
export function becomeActive(
  workspace: Workspace,
  root: string,
  { specId, runId }: Pick<RunRecord, 'specId' | 'runId'>,
): void {
  for (let attempt = 0; attempt < MAX_TURNS; attempt++) {
    const active = activeRun(workspace, root, specId);
    if (active?.runId === runId) return;
    if (active !== undefined) throw runIsActive(active);
    if (takeTurn(workspace, root, specId, runId)) return;
  }
  throw new SpecError('BUSY', `Too many runs of ${specId} begin at once. Call again later.`);
}

/** The words for a second run of a spec. */
export function runIsActive(run: RunRecord): SpecError {
  const { specId, runId, kind, status } = run;
  const goOn = shownCall(takeUpCall(run) ?? { tool: 'spec_status', arguments: { runId } });
  const wait = `${status === 'running' ? 'Wait for it' : 'Go on'} with ${goOn}`;
  return new SpecError(
    'BUSY',
    `${specId} has a run already: ${runId} (${kind}, ${status}). ${wait}, or end it with ${endingWords(run)}.`,
  );
}

function takeTurn(workspace: Workspace, root: string, specId: string, runId: string): boolean {
  const { files } = workspace;
  const { turn, older } = newestTurn(workspace, root, specId);
  const mine = `${turnsFolder(root, specId)}/${turnName(turn + 1)}`;
  const drafts = openDrafts(workspace, root, `${runId}-${workspace.randomHex(4)}`);
  try {
    if (!files.link(drafts.create(Buffer.from(runId)), mine)) return false;
  } finally {
    drafts.discard();
  }
  // A number that was free because it had been passed and cleared away long ago is no turn.
  if (newestTurn(workspace, root, specId).turn !== turn + 1) return false;
  for (const name of older) discard(files, `${turnsFolder(root, specId)}/${name}`);
  return true;
}

function newestTurn({ files }: Workspace, root: string, specId: string) {
  const folder = turnsFolder(root, specId);
  const names = files
    .list(folder)
    .flatMap(({ name, kind }) => (kind === 'file' && /^\d{8}$/.test(name) ? [name] : []));
  const newest = names.at(-1);
  const text = newest === undefined ? '' : (files.read(`${folder}/${newest}`, 64)?.bytes.toString() ?? '');
  return {
    turn: Number(newest ?? 0),
    holder: SESSION_ID.test(text) ? text : undefined,
    older: names.slice(0, -1),
  };
}

/** A run whose process is gone is interrupted, whatever its record still says. */
export function asItStands(workspace: Workspace, record: RunRecord): RunRecord {
  return record.status === 'running' && isDeserted(workspace, record)
    ? { ...record, status: 'interrupted', owner: null }
    : record;
}

function isDeserted({ processes, now }: Workspace, { owner, updatedAt }: RunRecord): boolean {
  if (owner === null) return true;
  const state = processes.stateOf(owner);
  if (state !== 'elsewhere') return state === 'gone';
  return now().getTime() - Date.parse(updatedAt) > SILENCE_MS;
}
