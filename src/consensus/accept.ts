import type { Stage } from '../../schemas/ids.js';
import type { RunVerdict } from '../../schemas/stage-tools.js';
import { SpecError } from '../errors.js';
import { canonicalJson } from '../evidence/canonical.js';
import { headNow } from '../evidence/head.js';
import { publishBundle } from '../evidence/publish.js';
import { newSessionId } from '../evidence/session.js';
import { loadSettings } from '../settings/load.js';
import type { Workspace } from '../workspace.js';
import { recordedVerdict } from './recorded-verdict.js';

export interface Accepted {
  readonly specId: string;
  readonly stage: Stage;
  readonly runId: string;
  readonly verdict: 'conflict' | 'degraded';
  readonly by: string;
  readonly reason: string;
  /** Session id of the bundle that records it. */
  readonly bundle: string;
  readonly next: { readonly tool: string; readonly arguments: Record<string, unknown> };
}

const SHORTEST_REASON = 10;
const LONGEST_REASON = 2000;

/**
 * Records that a person takes responsibility for a conflict or a degradation: who, why, and the digest of the synthesis.
 * It is attested by its caller, and the verdict stays what it is. Throws INVALID_ARGUMENT, NOT_FOUND, REFUSED.
 */
export async function acceptVerdict(
  workspace: Workspace,
  { specId, stage, runId, reason }: { specId: string; stage: Stage; runId: string; reason: string },
): Promise<Accepted> {
  const { settings, digest } = await loadSettings(workspace);
  const root = settings.workspace.evidence_root;
  const { by, why } = await personAnd(workspace, reason);
  const { verdict, synthesis } = recordedVerdict(workspace, root, specId, stage, runId);
  const accepts = acceptable(runId, verdict);
  const at = workspace.now().toISOString();
  const bundle = newSessionId(workspace);
  const acceptance = {
    v: 1,
    specId,
    stage: `spec-${stage}`,
    run_id: runId,
    accepts,
    by,
    reason: why,
    at,
    synthesis,
  };
  publishBundle(workspace, root, {
    specId,
    sessionId: bundle,
    prefix: 'acceptance',
    kind: 'caller',
    attestedBy: 'caller',
    stage: null,
    outcome: null,
    checks: [],
    content: 'acceptance',
    waivers: [],
    source: { ...(await headNow(workspace)), dirty: null },
    configDigest: digest,
    startedAt: at,
    endedAt: at,
    files: [{ name: `acceptance_${bundle}.json`, bytes: Buffer.from(`${canonicalJson(acceptance)}\n`) }],
  });
  return {
    specId,
    stage,
    runId,
    verdict: accepts,
    by,
    reason: why,
    bundle,
    next: { tool: 'spec_status', arguments: { specId } },
  };
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

function acceptable(runId: string, verdict: typeof RunVerdict._output): 'conflict' | 'degraded' {
  if (verdict !== 'ok') return verdict;
  throw new SpecError('REFUSED', `Run ${runId} is ok; there is nothing to take responsibility for.`);
}
