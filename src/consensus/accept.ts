import type { Acceptance } from '../../schemas/consensus.js';
import type { Stage } from '../../schemas/ids.js';
import { SpecError } from '../errors.js';
import { sha256Of } from '../evidence/digest.js';
import { headNow } from '../evidence/head.js';
import { publishBundle } from '../evidence/publish.js';
import { newSessionId } from '../evidence/session.js';
import { loadSettings } from '../settings/load.js';
import type { Workspace } from '../workspace/workspace.js';
import { jsonFile } from './evidence-files.js';
import { type RecordedRun, recordedRun } from './recorded-run.js';
import { synthesize } from './synthesize.js';

export interface Accepted {
  readonly specId: string;
  readonly stage: Stage;
  readonly runId: string;
  readonly verdict: Acceptance['accepts'];
  readonly by: string;
  readonly reason: string;
  /** Session id of the bundle that records it. */
  readonly bundle: string;
  readonly next: { readonly tool: string; readonly arguments: Record<string, unknown> };
}

const SHORTEST_REASON = 10;
const LONGEST_REASON = 2000;

/**
 * Records that a person takes responsibility for a conflict or a degradation, with name and reason: a bundle of its own with
 * the same answers, whose synthesis carries the acceptance. The verdict stays what it is. For the command line alone, never
 * for a tool. Throws INVALID_ARGUMENT, NOT_FOUND, REFUSED.
 */
export async function acceptVerdict(
  workspace: Workspace,
  { specId, stage, runId, reason }: { specId: string; stage: Stage; runId: string; reason: string },
): Promise<Accepted> {
  const { settings, digest } = await loadSettings(workspace);
  const root = settings.workspace.evidence_root;
  const { by, why } = await personAnd(workspace, reason);
  const recorded = recordedRun(workspace, root, specId, stage, runId);
  const accepts = acceptable(runId, recorded.verdict);
  const at = workspace.now().toISOString();
  const bundle = newSessionId(workspace);
  const prefix = `spec-${stage}`;
  publishBundle(workspace, root, {
    specId,
    sessionId: bundle,
    prefix,
    kind: 'consensus',
    attestedBy: 'server',
    stage,
    outcome: null,
    verdict: accepts,
    checks: [],
    content: null,
    waivers: [{ check: `verdict:${stage}`, by, reason: why }],
    source: { ...(await headNow(workspace)), dirty: null },
    configDigest: digest,
    startedAt: at,
    endedAt: at,
    files: filesOf(`${prefix}_${bundle}`, recorded, { accepts, by, reason: why, at }),
  });
  const next = { tool: 'spec_status', arguments: { specId } };
  return { specId, stage, runId, verdict: accepts, by, reason: why, bundle, next };
}

function filesOf(prefix: string, { inputs, answers, files }: RecordedRun, acceptance: Acceptance) {
  const stored = answers.map(({ part, bytes, evidence }) => ({
    part,
    file: { name: `${prefix}_${part}.json`, bytes },
    answer: { path: `${prefix}_${part}.json`, sha256: sha256Of(bytes), evidence },
  }));
  const synthesis = synthesize({
    inputs,
    agents: stored.filter(({ part }) => part !== 'escalation').map(({ answer }) => answer),
    escalation: stored.find(({ part }) => part === 'escalation')?.answer ?? null,
    timestamp: acceptance.at,
    acceptance,
  });
  // What the verdict speaks about, so that the acceptance speaks about the same.
  const shown = [...files].flatMap(([name, bytes]) =>
    name.endsWith('_preflight.json') ? [{ name: `${prefix}_preflight.json`, bytes }] : [],
  );
  return [
    ...stored.map(({ file }) => file),
    ...shown,
    jsonFile(`${prefix}_inputs.json`, inputs),
    jsonFile(`${prefix}_synthesis.json`, synthesis),
  ];
}

function acceptable(runId: string, verdict: RecordedRun['verdict']): Acceptance['accepts'] {
  if (verdict !== 'ok') return verdict;
  throw new SpecError('REFUSED', `Run ${runId} is ok; there is nothing to take responsibility for.`);
}

async function personAnd(workspace: Workspace, reason: string): Promise<{ by: string; why: string }> {
  const why = reason.trim();
  if (why.length < SHORTEST_REASON || why.length > LONGEST_REASON)
    throw new SpecError(
      'INVALID_ARGUMENT',
      `--reason must say why in ${SHORTEST_REASON} to ${LONGEST_REASON} characters: it stands in the evidence beside your name.`,
    );
  const by = await workspace.git.identity();
  if (by === undefined)
    throw new SpecError(
      'REFUSED',
      'git knows no user.name and user.email here, so nobody can be named. Set them with `git config` and call again.',
    );
  return { by, why };
}
