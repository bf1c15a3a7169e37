import type { EvidenceFinding } from '../../schemas/evidence-tools.js';
import type { Stage } from '../../schemas/ids.js';
import { SpecError } from '../errors.js';
import { lineageOf } from '../guardrail/lineage.js';
import { loadSettings } from '../settings/load.js';
import type { Workspace } from '../workspace/workspace.js';
import { finding } from './findings.js';
import { headNow } from './head.js';
import type { Recorded } from './records.js';
import { newestGuardrails } from './stages.js';

/**
 * The newest guardrail of each stage against the work tree of today: other settings, other source, or a run on uncommitted
 * changes make it stale. Throws what reading the settings throws, GIT_UNAVAILABLE, and INVALID_ARGUMENT where there is no commit.
 */
export async function verifyCurrent(
  workspace: Workspace,
  root: string,
  specIds: readonly string[],
): Promise<readonly EvidenceFinding[]> {
  const { settings, digest } = await loadSettings(workspace);
  const head = await headNow(workspace);
  if (head.commit === null)
    throw new SpecError(
      'INVALID_ARGUMENT',
      `${workspace.label} has no commit to compare the evidence with. Verify it in a clone, or without current.`,
    );
  const source = { head, changes: [] };
  const found: EvidenceFinding[] = [];
  for (const specId of specIds)
    for (const [stage, { record, manifest }] of newestGuardrails(workspace, root, specId)) {
      if (manifest === undefined) continue;
      const why = [
        ...otherSettings(manifest, digest),
        ...whereFrom(await lineageOf({ workspace, settings, source }, manifest.predicate.source)),
      ];
      if (why.length > 0) found.push(staleness(root, record, stage, why));
    }
  return found;
}

function otherSettings(
  { predicate }: NonNullable<Recorded['manifest']>,
  digest: string | null,
): readonly string[] {
  return predicate.configDigest === digest ? [] : ['spec-kit.toml is not the one it ran with'];
}

function whereFrom(lineage: Awaited<ReturnType<typeof lineageOf>>): readonly string[] {
  return lineage.kind === 'here' ? [] : [lineage.why];
}

function staleness(
  root: string,
  { specId, seq, bundle, manifest }: Recorded['record'],
  stage: Stage,
  why: readonly string[],
): EvidenceFinding {
  const place = { specId, record: seq, bundle, file: `${root}/${manifest.path}` };
  const message = `The newest evidence of ${stage} does not fit the work tree of today: ${why.join('; ')}. Run the ${stage} guardrail again.`;
  return finding('stale', place, message);
}
