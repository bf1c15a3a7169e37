import type { Manifest } from '../../schemas/evidence.js';
import type { EvidenceFinding, VerifyReport } from '../../schemas/evidence-tools.js';
import { type Outcome, STAGES, type Stage } from '../../schemas/ids.js';
import type { Settings } from '../../schemas/settings.js';
import { type StageVerdict, stageVerdicts } from '../consensus/stage-verdicts.js';
import { SpecError } from '../errors.js';
import { newestSeq } from '../evidence/ledger.js';
import { type Recorded, readBack } from '../evidence/records.js';
import { guardrailOutcome, newestGuardrails } from '../evidence/stages.js';
import { verifyCurrent } from '../evidence/verify-current.js';
import { reportOf, type Verified } from '../evidence/verify-report.js';
import { inert } from '../inert.js';
import type { OriginBundle } from '../origin/bundle.js';
import { findPacket, type Packet } from '../packet/find.js';
import type { Workspace } from '../workspace/workspace.js';

const NEWEST = 500;
const MOST_BUNDLES = 200;
const MOST_CHECKS = 100;

/** One check in words for a reader. */
export interface CheckStory {
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'not_run' | 'waived';
  readonly required: boolean;
  readonly message: string;
}

/** What is known of one stage from its newest run. */
export interface StageStory {
  readonly stage: Stage;
  /** Undefined: it never ran. */
  readonly outcome: Outcome | undefined;
  readonly bundle: string | undefined;
  readonly at: string | undefined;
  readonly commit: string | null;
  readonly checks: readonly CheckStory[];
  readonly waivers: readonly { readonly check: string; readonly by: string; readonly reason: string }[];
  /** Of the newest run with agents; undefined when none were asked. */
  readonly agents: StageVerdict | undefined;
  /** Why its evidence does not hold; undefined when it verifies. */
  readonly doubt: string | undefined;
  /** Why it says nothing about what is here now; undefined when it does, or where that cannot be told. */
  readonly outdated: string | undefined;
}

export interface Story {
  readonly specId: string;
  /** ISO 8601 in UTC: when the report was made. */
  readonly madeAt: string;
  readonly verification: VerifyReport;
  readonly stages: readonly StageStory[];
  /** What callers attested: files nobody but people can judge. */
  readonly attested: readonly { readonly bundle: string; readonly content: string; readonly at: string }[];
  readonly origin: readonly OriginBundle[];
  readonly findings: readonly EvidenceFinding[];
}

/** What was proven about a spec and what was not, from its evidence as it is now. */
export async function tellStory(
  workspace: Workspace,
  { docs_root, evidence_root: root }: Pick<Settings['workspace'], 'docs_root' | 'evidence_root'>,
  specId: string,
  verified: Verified,
): Promise<Story> {
  const newest = readBack(workspace, root, specId, newestSeq(workspace.files, root, specId), NEWEST);
  const guardrails = newestGuardrails(workspace, root, specId);
  const verification = reportOf(workspace, verified, { findings: 1000, bytes: 1024 * 1024 });
  const doubts = doubtsOf(verified.findings);
  const verdicts = await stageVerdicts(workspace, root, packetOf(workspace, docs_root, specId));
  const outdated = await outdatedBundles(workspace, root, specId);
  const stages = STAGES.map(stage => ({
    ...storyOf(workspace, root, stage, guardrails.get(stage), doubts),
    agents: agentsOf(verdicts.get(stage), doubts),
    outdated: outdated.get(guardrails.get(stage)?.record.bundle ?? ''),
  }));
  const attested = newest.flatMap(({ record, manifest }) =>
    manifest?.predicate.kind === 'caller'
      ? [{ bundle: record.bundle, content: inert(manifest.predicate.content ?? 'note'), at: record.at }]
      : [],
  );
  return {
    specId,
    madeAt: workspace.now().toISOString(),
    verification,
    stages,
    attested: attested.slice(0, MOST_BUNDLES),
    origin: verified.survey.bundles.slice(0, MOST_BUNDLES),
    findings: verification.findings,
  };
}

/** Why the newest runs do not fit what is here now, by bundle; empty where there is no commit or no git to tell. */
async function outdatedBundles(
  workspace: Workspace,
  root: string,
  specId: string,
): Promise<ReadonlyMap<string, string>> {
  try {
    const stale = await verifyCurrent(workspace, root, [specId]);
    return new Map(stale.map(({ bundle = '', message }) => [bundle, inert(message)]));
  } catch (error) {
    if (error instanceof SpecError) return new Map();
    throw error;
  }
}

/** Evidence outlives its packet; then no verdict speaks about what is there. */
function packetOf(workspace: Workspace, docsRoot: string, specId: string): Packet {
  try {
    return findPacket(workspace, docsRoot, specId);
  } catch (error) {
    if (error instanceof SpecError) return { specId, directory: `${docsRoot}/${specId}` };
    throw error;
  }
}

/** Why evidence does not hold; undefined where nothing speaks against it. */
interface Doubts {
  of(bundle: string): string | undefined;
  readonly ledger: string | undefined;
}

/**
 * The first error about each bundle; an error about the ledger is one about all of them, because it may hide newer runs. What a
 * tracker row claims speaks against the row.
 */
function doubtsOf(findings: readonly EvidenceFinding[]): Doubts {
  const doubts = new Map<string, string>();
  const errors = findings.filter(({ severity, code }) => severity === 'error' && code !== 'tracker-claim');
  const ledger = errors.find(({ code }) => /^(record-|chain-|anchor-)/.test(code));
  for (const { bundle, message } of errors)
    if (bundle !== undefined && !doubts.has(bundle)) doubts.set(bundle, inert(message));
  const about = ledger === undefined ? undefined : `The ledger does not verify: ${inert(ledger.message)}`;
  return { of: bundle => doubts.get(bundle) ?? about, ledger: about };
}

function storyOf(
  workspace: Workspace,
  root: string,
  stage: Stage,
  recorded: Recorded | undefined,
  doubts: Doubts,
): Omit<StageStory, 'agents' | 'outdated'> {
  const nothing = { stage, outcome: undefined, bundle: undefined, at: undefined, commit: null };
  if (recorded === undefined) return { ...nothing, checks: [], waivers: [], doubt: undefined };
  const { record, manifest } = recorded;
  return {
    stage,
    outcome: guardrailOutcome(workspace, root, stage, recorded),
    bundle: record.bundle,
    at: record.at,
    commit: manifest?.predicate.source.commit ?? null,
    checks: checksOf(manifest),
    waivers: (manifest?.predicate.waivers ?? []).map(({ check, by, reason }) => ({
      check: inert(check),
      by: inert(by),
      reason: inert(reason),
    })),
    doubt: doubts.of(record.bundle) ?? (manifest === undefined ? UNREADABLE : undefined),
  };
}

const UNREADABLE = 'Its manifest is not the recorded one.';

/** While the ledger does not hold, a newer run may be hidden. */
function agentsOf(agents: StageVerdict | undefined, { ledger }: Doubts): StageVerdict | undefined {
  return agents === undefined || ledger === undefined ? agents : { ...agents, verdict: null };
}

function checksOf(manifest: Manifest | undefined): readonly CheckStory[] {
  return (manifest?.predicate.checks ?? [])
    .slice(0, MOST_CHECKS)
    .map(({ name, status, required, message }) => ({
      name: inert(name),
      status,
      required,
      message: inert(message),
    }));
}
