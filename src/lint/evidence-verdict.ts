import { SPEC_ID } from '../../schemas/ids.js';
import { findBundle } from '../evidence/find-bundle.js';
import type { Recorded } from '../evidence/records.js';
import { guardrailOutcome, newestGuardrails } from '../evidence/stages.js';
import { verifyRecorded } from '../evidence/verify-one.js';
import { loadRecompute } from '../evidence/verify-spec.js';
import { decideOutcome } from '../guardrail/outcome.js';
import { codesOf, type OriginBundle } from '../origin/bundle.js';
import { OUR_SESSION } from '../origin/folder.js';
import { surveySpec } from '../origin/survey.js';
import type { Workspace } from '../workspace/workspace.js';

/** What speaks against evidence that a Done row names; `says` ends a sentence about the path. */
export interface Objection {
  readonly kind: 'false' | 'failed' | 'unrecorded' | 'stale' | 'incomplete';
  readonly specId: string;
  /** Session of the bundle. */
  readonly bundle: string;
  readonly says: string;
}

/** Judges paths below the evidence root, each spec's older evidence once. */
export function createEvidenceJudge(
  workspace: Workspace,
  root: string,
): (path: string) => Promise<Objection | undefined> {
  const surveys = new Map<string, readonly OriginBundle[]>();
  const known = new Map<string, Promise<Objection | undefined>>();
  const judge = async (path: string) => {
    const [, specId = '', name = ''] =
      /^(?:commands|consensus)\/([^/]+)\/([^/]+)$/.exec(path.slice(root.length + 1)) ?? [];
    if (!SPEC_ID.test(specId)) return undefined;
    const session = OUR_SESSION.exec(name)?.[0];
    if (session !== undefined) return judgeOurs(workspace, root, specId, session);
    const bundles = surveys.get(specId) ?? surveySpec(workspace, root, specId).bundles;
    surveys.set(specId, bundles);
    return judgeOrigin(bundles, path);
  };
  return path => {
    const judged = known.get(path) ?? judge(path);
    known.set(path, judged);
    return judged;
  };
}

async function judgeOurs(
  workspace: Workspace,
  root: string,
  specId: string,
  bundle: string,
): Promise<Objection | undefined> {
  const recorded = findBundle(workspace, root, specId, bundle);
  if (recorded === undefined)
    return { kind: 'unrecorded', specId, bundle, says: `no record of ${specId} names the bundle ${bundle}` };
  const recompute = await loadRecompute(workspace, root, specId);
  const wrong = verifyRecorded(workspace, root, specId, recorded.seq, recompute).find(
    ({ severity }) => severity === 'error',
  );
  if (wrong !== undefined || recorded.manifest === undefined)
    return {
      kind: 'false',
      specId,
      bundle,
      says: `${bundle} does not hold (${wrong?.code ?? 'manifest-malformed'}): ${wrong?.message ?? ''}`,
    };
  return outcomeObjection(workspace, root, specId, recorded);
}

function outcomeObjection(
  workspace: Workspace,
  root: string,
  specId: string,
  { seq, record: { bundle }, manifest }: Recorded,
): Objection | undefined {
  if (manifest === undefined || manifest.predicate.kind === 'caller') return undefined;
  const { kind, stage, checks, verdict } = manifest.predicate;
  if (kind === 'consensus')
    return verdict === 'ok'
      ? undefined
      : { kind: 'failed', specId, bundle, says: `the verdict of ${bundle} is ${verdict}` };
  const outcome = decideOutcome(checks);
  if (outcome !== 'passed') return { kind: 'failed', specId, bundle, says: `${bundle} is ${outcome}` };
  if (kind !== 'guardrail' || stage === null) return undefined;
  const newest = newestGuardrails(workspace, root, specId).get(stage);
  if (newest === undefined || newest.seq === seq) return undefined;
  const now = guardrailOutcome(workspace, root, stage, newest);
  return now === 'passed'
    ? undefined
    : { kind: 'stale', specId, bundle, says: `a newer ${stage} run, ${newest.record.bundle}, is ${now}` };
}

const KINDS = {
  honest_failure: 'failed',
  incomplete: 'incomplete',
  false: 'false',
  invalid: 'false',
} as const;

function judgeOrigin(bundles: readonly OriginBundle[], path: string): Objection | undefined {
  const found = bundles.find(({ files }) => files.some(file => file.path === path));
  if (found === undefined || found.verdict === 'sound') return undefined;
  const { specId, session, verdict } = found;
  const codes = codesOf(found).slice(0, 4).join(', ');
  const said = `${session === '' ? 'its bundle' : session} is ${verdict === 'honest_failure' ? 'an honest failure' : verdict}`;
  return {
    kind: KINDS[verdict],
    specId,
    bundle: session,
    says: `${said}${codes === '' ? '' : ` (${codes})`}`,
  };
}
