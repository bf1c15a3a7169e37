import type { EvidenceFinding, VerifyReport } from '../../schemas/evidence-tools.js';
import { SPEC_ID } from '../../schemas/ids.js';
import type { VerifyEvidenceInput } from '../../schemas/inputs/evidence.js';
import { SpecError } from '../errors.js';
import { unfoundedClaims } from '../lint/claims.js';
import { originFindings } from '../origin/findings.js';
import { type Survey, surveyOrigin } from '../origin/survey.js';
import { knownSettings } from '../settings/load.js';
import type { Call } from '../tool.js';
import type { Workspace } from '../workspace/workspace.js';
import { type Held, verifyAnchors } from './anchor.js';
import { finding } from './findings.js';
import { withFirstBytes } from './first-byte.js';
import { BUNDLE_FOLDERS } from './layout.js';
import { verifySurroundings } from './surroundings.js';
import { trailerAnchors } from './trailers.js';
import { verifyCurrent } from './verify-current.js';
import { reportOf, SHORT, type Verified } from './verify-report.js';
import { verifySources } from './verify-source.js';
import { type SpecVerdict, verifySpec } from './verify-spec.js';

/**
 * Recomputes what the evidence of a spec, or of all, claims: ledger chain, manifests, digests, outcomes, and whether
 * anything is missing, extra or unfinished. Offline and read-only. What is wrong is a result, not an error.
 */
export async function verifyEvidence(
  workspace: Workspace,
  evidenceRoot: string,
  input: Partial<Omit<VerifyEvidenceInput, 'workspace'>>,
  call: Pick<Call, 'signal' | 'progress'>,
): Promise<VerifyReport> {
  return reportOf(workspace, await verifyWhole(workspace, evidenceRoot, input, call), SHORT);
}

/** The same with everything that was found. `held`: anchors of the one who verifies. */
export async function verifyWhole(
  workspace: Workspace,
  evidenceRoot: string,
  input: Partial<Omit<VerifyEvidenceInput, 'workspace'>>,
  call: Pick<Call, 'signal' | 'progress'>,
  held: readonly Held[] = [],
): Promise<Verified> {
  if (workspace.files.info(evidenceRoot).kind === 'outside')
    throw new SpecError(
      'OUTSIDE_WORKSPACE',
      `The evidence root ${evidenceRoot} leads outside the workspace. Make it a real folder.`,
    );
  const specIds = input.specId === undefined ? specsIn(workspace, evidenceRoot) : [input.specId];
  const verdicts = await verifyAll(workspace, evidenceRoot, specIds, call);
  const given = input.expectHead === undefined ? [] : [{ head: input.expectHead, from: '' }];
  const anchor = verifyAnchors(
    [...given, ...held, ...(await trailerAnchors(workspace, input.specId))],
    verdicts,
  );
  const foreign = verdicts.filter(verdict => verdict.unverifiable.length > 0).map(({ specId }) => specId);
  const survey = await surveyOrigin(workspace, evidenceRoot, foreign, input.specId);
  const findings = [
    ...(await withFirstBytes(workspace, verdicts)),
    ...anchor.findings,
    ...emptiness(workspace, evidenceRoot, input.specId, verdicts, survey),
    ...(await verifySurroundings(workspace, evidenceRoot, verdicts)),
    ...(await verifySources(workspace, verdicts)),
    ...(input.current === true ? await verifyCurrent(workspace, evidenceRoot, specIds) : []),
    ...originFindings(survey),
    ...(await trackerClaims(workspace, evidenceRoot, input.specId)),
  ];
  return { input, verdicts, survey, findings, anchor: anchor.sentence };
}

/** Rows that are Done on evidence that says otherwise; that it merely cannot be checked is said of the evidence itself. */
async function trackerClaims(
  workspace: Workspace,
  root: string,
  specId: string | undefined,
): Promise<readonly EvidenceFinding[]> {
  const { tracker } = knownSettings(workspace).workspace;
  const claims = await unfoundedClaims(workspace, tracker, root, specId);
  return claims
    .filter(({ rule }) => rule.severity === 'error')
    .map(({ line, message, objection }) =>
      finding(
        'tracker-claim',
        { specId: objection.specId, bundle: objection.bundle, file: tracker, line },
        message,
      ),
    );
}

async function verifyAll(
  workspace: Workspace,
  root: string,
  specIds: readonly string[],
  { signal, progress }: Pick<Call, 'signal' | 'progress'>,
): Promise<readonly SpecVerdict[]> {
  const verdicts: SpecVerdict[] = [];
  for (const specId of specIds) {
    const verdict = await verifySpec(workspace, root, specId, async (done, total) => {
      if (signal.aborted)
        throw new SpecError('CANCELLED', 'The verification was cancelled; it changes nothing.');
      await progress(done, total, `verifying ${specId}`);
    });
    verdicts.push(verdict);
  }
  return verdicts;
}

/** Every spec with a ledger or with files. */
function specsIn({ files }: Workspace, root: string): readonly string[] {
  const folders = ['ledger', ...BUNDLE_FOLDERS].flatMap(folder => files.list(`${root}/${folder}`));
  return [...new Set(folders.filter(({ name }) => SPEC_ID.test(name)).map(({ name }) => name))].sort();
}

/** Nothing at all is not a success: whoever verifies expects evidence, and may be in the wrong folder. */
function emptiness(
  { label }: Workspace,
  root: string,
  asked: string | undefined,
  verdicts: readonly SpecVerdict[],
  { bundles }: Survey,
): readonly EvidenceFinding[] {
  if (verdicts.some(({ records }) => records.length > 0)) return [];
  if (asked === undefined && bundles.length > 0) return [];
  const message =
    asked === undefined
      ? `No evidence is recorded under ${root}/ of ${label}, so nothing was verified. Check the folder; run_guardrail records the first.`
      : `No evidence is recorded for ${asked}, so nothing was verified. Check the id and the folder; run_guardrail records the first.`;
  return [finding('no-evidence', { specId: asked ?? '' }, message)];
}
