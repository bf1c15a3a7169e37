import type { TrackerRow } from '../../schemas/tracker.js';
import { SpecError } from '../errors.js';
import { findBundle } from '../evidence/find-bundle.js';
import type { Recorded } from '../evidence/records.js';
import { guardrailOutcome } from '../evidence/stages.js';
import { unfoundedClaims } from '../lint/claims.js';
import { specRows } from '../tracker/rows.js';
import { type Checked, type Guardrail, required, type Step, some } from './guardrail.js';

const NAME = 'tracker-claims';
const SESSION = /\d{8}T\d{6}Z-[0-9a-f]{8}/g;
const OURS = new RegExp(`^${SESSION.source}$`);
const MOST = 50;

/** No row of the spec is Done on a run that did not pass, or on evidence that lint and verify call false. That it exists is row-lint's part. */
export const doneClaims: Step = { name: NAME, run: judge };

async function judge(guardrail: Guardrail): Promise<Checked> {
  const { workspace, settings, packet } = guardrail;
  try {
    const rows = specRows(workspace, settings.workspace.tracker, packet.specId);
    const done = rows.filter(({ status }) => status === 'Done');
    const unfounded = [
      ...done.flatMap(row => falseClaims(guardrail, row)),
      ...(await disproved(guardrail, new Set(done.map(({ line }) => line)))),
    ];
    if (unfounded.length > 0)
      return required(
        NAME,
        'failed',
        `${some(unfounded, 3)}. Set the status back, or name evidence that passed.`,
      );
    return required(
      NAME,
      'passed',
      done.length === 0
        ? 'No row of this spec is Done.'
        : `Done: ${some(
            done.map(({ taskId }) => taskId),
            5,
          )}.`,
    );
  } catch (error) {
    if (error instanceof SpecError) return required(NAME, 'failed', error.message);
    throw error;
  }
}

/** A pass that a newer run took back is left to the checks of each stage: else a failed audit would fail all that follow. */
async function disproved(
  { workspace, settings }: Guardrail,
  lines: ReadonlySet<number>,
): Promise<readonly string[]> {
  const { tracker, evidence_root: root } = settings.workspace;
  if (lines.size === 0) return [];
  const claims = await unfoundedClaims(workspace, tracker, root);
  return claims
    .filter(({ rule, line }) => rule.severity === 'error' && lines.has(line))
    .filter(
      ({ objection: { kind, bundle } }) => kind !== 'stale' && !(kind === 'failed' && OURS.test(bundle)),
    )
    .map(({ taskId, line, objection: { says } }) => `${taskId} (line ${line}) is Done, but ${says}`);
}

function falseClaims(guardrail: Guardrail, { taskId, line, cells }: TrackerRow): string[] {
  const { workspace, settings, packet } = guardrail;
  const root = settings.workspace.evidence_root;
  const cited = new Set(Object.values(cells).join(' ').match(SESSION));
  return [...cited].slice(0, MOST).flatMap(bundle => {
    const recorded = findBundle(workspace, root, packet.specId, bundle);
    const result = recorded === undefined ? 'passed' : resultOf(guardrail, recorded);
    return ['passed', 'ok'].includes(result)
      ? []
      : [`${taskId} (line ${line}) is Done on ${bundle}, which is ${result}`];
  });
}

/** Of what a caller wrote nothing is known but that it was written: it is for people to judge. */
function resultOf({ workspace, settings }: Guardrail, recorded: Recorded): string {
  const predicate = recorded.manifest?.predicate;
  if (predicate === undefined) return 'not as it was recorded';
  const { kind, stage, outcome, verdict } = predicate;
  if (kind === 'caller') return 'passed';
  if (kind === 'guardrail' && stage !== null)
    return guardrailOutcome(workspace, settings.workspace.evidence_root, stage, recorded);
  return verdict ?? outcome ?? 'without outcome';
}
