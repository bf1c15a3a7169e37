import type { TrackerRow } from '../../schemas/tracker.js';
import { SpecError } from '../errors.js';
import type { Rule } from '../rule.js';
import { claimRules } from '../tracker/claim-rules.js';
import { normalPath } from '../tracker/path-facts.js';
import { pathItems } from '../tracker/path-items.js';
import { readTracker } from '../tracker/read.js';
import { listRows } from '../tracker/rows.js';
import type { Workspace } from '../workspace/workspace.js';
import { createEvidenceJudge, type Objection } from './evidence-verdict.js';

const MOST_ROWS = 1_000_000;
/** Each may have to read a whole bundle. */
const MOST_JUDGED = 5000;
const RULES: Readonly<Record<Objection['kind'], Rule>> = {
  false: claimRules.evidenceFalse,
  failed: claimRules.evidenceFailed,
  unrecorded: claimRules.evidenceUnrecorded,
  stale: claimRules.evidenceStale,
  incomplete: claimRules.evidenceIncomplete,
};

/** A row that is Done on evidence that does not support it. */
export interface UnfoundedClaim {
  readonly rule: Rule;
  readonly taskId: string;
  readonly line: number;
  /** From 1. */
  readonly column: number;
  readonly path: string;
  readonly objection: Objection;
  readonly message: string;
}

/**
 * The Done rows of a tracker, or of one spec's evidence in it, held against what their evidence proves. Costs one search when
 * the tracker names no evidence of ours. A tracker that cannot be read makes no claim here.
 */
export async function unfoundedClaims(
  workspace: Workspace,
  tracker: string,
  root: string,
  specId?: string,
): Promise<readonly UnfoundedClaim[]> {
  const lines = linesOf(workspace, tracker, root);
  if (lines === undefined) return [];
  const judge = createEvidenceJudge(workspace, root);
  const cited = listRows(workspace, tracker, 0, MOST_ROWS)
    .rows.filter(({ status }) => status === 'Done')
    .flatMap(row => citedPaths(row, root).map(({ text, path }) => ({ row, text, path })));
  const claims: UnfoundedClaim[] = [];
  for (const { row, text, path } of cited.slice(0, MOST_JUDGED)) {
    const objection = await judge(path);
    if (objection === undefined || (specId !== undefined && objection.specId !== specId)) continue;
    claims.push(claimOf(row, lines[row.line - 1] ?? '', text, path, objection));
  }
  return claims;
}

function linesOf(workspace: Workspace, tracker: string, root: string): readonly string[] | undefined {
  try {
    const { bytes } = readTracker(workspace, tracker);
    return bytes.includes(`${root}/c`) ? bytes.toString().split('\n') : undefined;
  } catch (error) {
    if (error instanceof SpecError) return undefined;
    throw error;
  }
}

function citedPaths(
  { cells }: TrackerRow,
  root: string,
): readonly { readonly text: string; readonly path: string }[] {
  return Object.entries(cells)
    .filter(([name]) => /^evidence(?: paths?)?$/i.test(name.trim()))
    .flatMap(([, cell]) => pathItems(cell))
    .map(({ text, path }) => ({ text, path: normalPath(path) }))
    .filter(({ path }) => path.startsWith(`${root}/`));
}

function claimOf(
  { taskId, line }: TrackerRow,
  row: string,
  text: string,
  path: string,
  objection: Objection,
): UnfoundedClaim {
  const name = /^[\w.-]{1,40}$/.test(taskId) ? taskId : 'A row';
  return {
    rule: RULES[objection.kind],
    taskId,
    line,
    column: row.indexOf(text) + 1,
    path,
    objection,
    message: `${name}: it is Done, but ${objection.says}.`,
  };
}
