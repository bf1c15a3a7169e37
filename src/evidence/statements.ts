import type { Source } from '../../schemas/evidence.js';
import type { EvidenceFinding } from '../../schemas/evidence-tools.js';
import { STAGES } from '../../schemas/ids.js';
import { SpecError } from '../errors.js';
import { decideOutcome } from '../guardrail/outcome.js';
import { VERSION } from '../version.js';
import type { Workspace } from '../workspace/workspace.js';
import { newestSeq } from './ledger.js';
import { type Recorded, readBack } from './records.js';
import { newestStages } from './stages.js';
import { ledgerStanding } from './standing.js';
import { verifyRecorded } from './verify-one.js';

/** An in-toto statement about a commit, in the words of a predicate that others define. */
export interface Statement {
  readonly _type: 'https://in-toto.io/Statement/v1';
  readonly subject: readonly { readonly digest: { readonly gitCommit: string } }[];
  readonly predicateType: string;
  readonly predicate: object;
}

const TYPE = 'https://in-toto.io/Statement/v1';
const STRIDE = 200;

/**
 * The newest guardrail run of a spec, or the one named, as `test-result` v0.1. What did not run is no pass: `incomplete` is
 * FAILED. Throws NOT_FOUND, and REFUSED when the ledger or the bundle does not verify, or it belongs to no commit.
 */
export async function testResult(
  workspace: Workspace,
  root: string,
  specId: string,
  bundle: string | undefined,
): Promise<Statement> {
  const found = guardrailBundle(workspace, root, specId, bundle);
  const { problems } = await ledgerStanding(workspace, root, specId);
  if (problems.length > 0)
    throw new SpecError(
      'REFUSED',
      `The ledger of ${specId} does not verify, so nothing in it is attested: ${problems[0]} \`spec-kit-mcp verify ${specId}\` names all.`,
    );
  assertSound(verifyRecorded(workspace, root, specId, found.seq), found.record.bundle);
  const { checks, configDigest, source } = found.manifest.predicate;
  const named = (...statuses: string[]) =>
    checks.filter(({ status }) => statuses.includes(status)).map(({ name }) => name);
  return {
    _type: TYPE,
    subject: subjectOf(source, found.record.bundle),
    predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
    predicate: {
      result: decideOutcome(checks) === 'passed' ? 'PASSED' : 'FAILED',
      configuration:
        configDigest === null ? [] : [{ name: 'spec-kit.toml', digest: { sha256: configDigest } }],
      url: `spec-kit://evidence/${specId}/${found.record.bundle}`,
      passedTests: named('passed'),
      warnedTests: checks
        .filter(({ status }) => status !== 'passed' && status !== 'failed')
        .map(({ name }) => name),
      failedTests: named('failed'),
    },
  };
}

/**
 * A SLSA verification summary: PASSED only when the evidence verifies and the newest run of every stage up to audit passed
 * and was there for the audit, whose commit is the subject: it looked at whether they belong to it. `verified`: the outcome
 * of verifying the spec now.
 */
export function verificationSummary(
  workspace: Workspace,
  root: string,
  specId: string,
  verified: boolean,
): Statement {
  const newest = newestStages(workspace, root, specId);
  const last = newest.at(-1);
  if (last === undefined) throw nothing(specId);
  const stages = newest.map(({ status }) => status);
  // What an audit looked at is what it speaks for; a later unlock, which a person may force, adds nothing.
  const audit = newest.find(({ status }) => status.stage === 'audit');
  const found = guardrailBundle(workspace, root, specId, (audit ?? last).status.bundle);
  const seen = newest.filter(({ seq, status }) => status.outcome === 'passed' && seq <= (audit?.seq ?? 0));
  const counted = new Set<string>(seen.map(({ status }) => status.stage));
  const needed = STAGES.filter(stage => stage !== 'unlock');
  const { configDigest, source } = found.manifest.predicate;
  const passed = verified && needed.every(stage => counted.has(stage));
  return {
    _type: TYPE,
    subject: subjectOf(source, found.record.bundle),
    predicateType: 'https://slsa.dev/verification_summary/v1',
    predicate: {
      verifier: { id: 'https://spec-kit-mcp.dev/verifier', version: { 'spec-kit-mcp': VERSION } },
      timeVerified: workspace.now().toISOString(),
      resourceUri: `spec-kit://evidence/${specId}`,
      policy: {
        uri: 'https://spec-kit-mcp.dev/policy/guardrails/v1',
        ...(configDigest === null ? {} : { digest: { sha256: configDigest } }),
      },
      inputAttestations: stages.flatMap(({ bundle }) => {
        const { manifest } = guardrailBundle(workspace, root, specId, bundle).record;
        return [{ uri: `spec-kit://evidence/${specId}/${bundle}`, digest: { sha256: manifest.sha256 } }];
      }),
      verificationResult: passed ? 'PASSED' : 'FAILED',
      verifiedLevels: passed ? needed.map(stage => `SPEC_KIT_${stage.toUpperCase()}`) : [],
    },
  };
}

type Guardrail = Recorded & { readonly manifest: NonNullable<Recorded['manifest']> };

function guardrailBundle(
  workspace: Workspace,
  root: string,
  specId: string,
  bundle: string | undefined,
): Guardrail {
  for (let seq = newestSeq(workspace.files, root, specId); seq > 0; seq -= STRIDE)
    for (const { manifest, ...recorded } of readBack(workspace, root, specId, seq, STRIDE))
      if (
        manifest?.predicate.kind === 'guardrail' &&
        (bundle === undefined || recorded.record.bundle === bundle)
      )
        return { ...recorded, manifest };
  throw nothing(specId, bundle);
}

function subjectOf({ commit, dirty }: Source, bundle: string): Statement['subject'] {
  if (commit !== null && dirty !== true) return [{ digest: { gitCommit: commit } }];
  throw new SpecError(
    'REFUSED',
    `The bundle ${bundle} belongs to no commit${dirty === true ? ', because it ran on uncommitted changes' : ''}, so there is nothing to attest. Commit, then run the guardrail again.`,
  );
}

function assertSound(findings: readonly EvidenceFinding[], bundle: string): void {
  const first = findings.find(({ severity }) => severity === 'error');
  if (first === undefined) return;
  throw new SpecError(
    'REFUSED',
    `The bundle ${bundle} does not verify (${first.code}), so it is not attested. \`spec-kit-mcp verify\` names what is wrong.`,
  );
}

function nothing(specId: string, bundle?: string): SpecError {
  return new SpecError(
    'NOT_FOUND',
    `${specId} has no recorded guardrail run${bundle === undefined ? '' : ` ${bundle}`}. \`spec-kit-mcp evidence list ${specId}\` shows what there is.`,
  );
}
