import {
  type Acceptance,
  type ConsensusInputs,
  FindingSeverity,
  RULES,
  type Synthesis,
  type SynthesisFinding,
  type Verdict,
} from '../../schemas/consensus.js';
import { canonicalJson } from '../evidence/canonical.js';
import { sha256Of } from '../evidence/digest.js';
import { type Draft, type Panel, panelOf, type Rules, type StoredAnswer, type Voice } from './panel.js';
import { agentRules } from './rules-agents.js';
import { agreementRules } from './rules-agreement.js';
import { coverageRules, coveredCriteria } from './rules-coverage.js';
import { decisionRules } from './rules-decisions.js';
import { positionRules, positionsOf } from './rules-positions.js';
import { MIN_QUORUM, quorumOf, runRules } from './rules-run.js';
import { stepRules } from './rules-steps.js';
import { quoted } from './shape-problems.js';

/** Changes whenever the same inputs may come to another verdict or other findings. */
export const RULES_VERSION = '2026-11-24.2';

export interface SynthesisRequest {
  readonly inputs: ConsensusInputs;
  /** In any order; `path` and `sha256` are those of the files as stored. */
  readonly agents: readonly StoredAnswer[];
  readonly escalation: StoredAnswer | null;
  /** ISO 8601 in UTC. */
  readonly timestamp: string;
  readonly acceptance: Acceptance | null;
}

const groups: readonly Rules[] = [
  agentRules,
  coverageRules,
  stepRules,
  decisionRules,
  positionRules,
  agreementRules,
  runRules,
];
const EXAMPLES = 5;
const SEVERITIES = FindingSeverity.options;

/**
 * The verdict on a run, by rules alone: same request, same result, whatever the order of the agents. Quorum not met makes
 * `degraded`; else a conflict makes `conflict`; else a degrading finding makes `degraded`; else it is `ok`. An acceptance is
 * stored and changes nothing.
 */
export function synthesize(request: SynthesisRequest): Synthesis {
  const { inputs, agents, escalation, timestamp, acceptance } = request;
  const panel = panelOf(inputs, agents, escalation);
  const findings = inOrder(
    panel,
    groups.flatMap(rules => rules(panel)),
  );
  const quorum = quorumOf(panel);
  const { status, reasons } = statusOf(findings, quorum.met);
  const count = (severity: SynthesisFinding['severity']) =>
    findings.filter(finding => finding.severity === severity).length;
  return {
    schemaVersion: 1,
    rules: RULES_VERSION,
    stage: `spec-${inputs.stage}`,
    specId: inputs.specId,
    run_id: inputs.run_id,
    timestamp,
    prompt_version: inputs.prompt_version,
    status,
    status_reasons: reasons,
    also: { conflicts: count('conflict'), degrades: count('degrade'), warnings: count('warn') },
    quorum: {
      required: panel.voices.map(({ agent }) => agent),
      valid: [...quorum.valid],
      ungrounded: [...quorum.ungrounded],
      min: MIN_QUORUM,
      met: quorum.met,
      providers: [...quorum.providers],
    },
    missing_agents: panel.voices.filter(({ answer }) => answer === undefined).map(({ agent }) => agent),
    consensus: {
      agreements: [...panel.agreements.supported],
      conflicts: findings.filter(({ severity }) => severity === 'conflict').map(({ detail }) => detail),
    },
    unverified_agreements: [...panel.agreements.unverified],
    ...factsOf(panel),
    findings,
    agents: panel.voices.flatMap(agentLine),
    escalation: escalation === null ? null : { path: escalation.path, sha256: escalation.sha256 },
    inputs_sha256: digestOf(request),
    acceptance,
  };
}

/** What a dashboard shows beside the verdict. */
function factsOf(
  panel: Panel,
): Pick<Synthesis, 'positions' | 'coverage' | 'alignment' | 'citations' | 'resolutions'> {
  const matrices = positionsOf(panel);
  const criteria = coveredCriteria(panel);
  const compared = matrices.filter(({ stances }) => new Set(stances.map(({ agent }) => agent)).size >= 2);
  const split = compared.filter(matrix => matrix.split);
  return {
    positions: matrices.map(({ id, stances }) => ({
      requirement_id: id,
      agents: stances.map(({ agent, position, because }) => ({
        agent,
        position,
        because: quoted(because, 300),
      })),
    })),
    coverage: {
      total: criteria.length,
      covered: criteria.filter(({ covered }) => covered).length,
      criteria: criteria.map(({ id, covered, by }) => ({ id, covered, by: [...by] })),
    },
    alignment: {
      compared: compared.length,
      agreed: compared.filter(({ stances }) => new Set(stances.map(({ position }) => position)).size === 1)
        .length,
      split: split.length,
      resolved: split.filter(({ resolved }) => resolved !== undefined).length,
    },
    citations: panel.voices
      .filter(({ answer }) => answer !== undefined)
      .map(({ agent, citations: { checked, missing } }) => ({
        agent,
        checked,
        missing: missing.length,
        examples: missing.slice(0, EXAMPLES).map(path => quoted(path, 200)),
      })),
    resolutions: matrices.flatMap(({ resolved }) =>
      resolved === undefined
        ? []
        : [
            {
              ...resolved,
              reason: quoted(resolved.reason, 1_000),
              cites: resolved.cites.map(cite => quoted(cite)),
            },
          ],
    ),
  };
}

function agentLine({ agent, stored, answer, judgement, grounded }: Voice): Synthesis['agents'] {
  if (stored === undefined) return [];
  const { path, sha256 } = stored;
  if (answer !== undefined) return [{ agent, path, sha256, status: grounded ? 'valid' : 'ungrounded' }];
  return [{ agent, path, sha256, status: judgement === undefined ? 'failed' : 'invalid' }];
}

/** Everything that the rules read: the inputs, and the files of the agents by their digests. */
function digestOf({ inputs, agents, escalation }: SynthesisRequest): string {
  const files = agents.map(({ evidence: { agent }, sha256 }) => `${agent} ${sha256}`).sort();
  const all = { rules: RULES_VERSION, inputs, agents: files, escalation: escalation?.sha256 ?? null };
  return sha256Of(Buffer.from(canonicalJson(all)));
}

function statusOf(
  findings: readonly SynthesisFinding[],
  quorumMet: boolean,
): { readonly status: Verdict; readonly reasons: string[] } {
  const reasonsOf = (severity: SynthesisFinding['severity']) => [
    ...new Set(findings.filter(finding => finding.severity === severity).map(({ rule }) => named(rule))),
  ];
  if (!quorumMet) return { status: 'degraded', reasons: reasonsOf('degrade') };
  const conflicts = reasonsOf('conflict');
  if (conflicts.length > 0) return { status: 'conflict', reasons: conflicts };
  const degrades = reasonsOf('degrade');
  return degrades.length > 0 ? { status: 'degraded', reasons: degrades } : { status: 'ok', reasons: [] };
}

const names: ReadonlyMap<string, string> = new Map(Object.entries(RULES));

function named(rule: string): string {
  return `${rule} ${names.get(rule) ?? ''}`.trim();
}

/** By rule, weight, subject, agents and words, each once; the order in which rules and agents came does not matter. */
function inOrder({ voices }: Panel, drafts: readonly Draft[]): SynthesisFinding[] {
  const roster = voices.map(({ agent }) => agent);
  const keyed = new Map<string, Draft>();
  for (const draft of drafts) {
    const agents = roster.filter(agent => draft.agents.includes(agent));
    const key = JSON.stringify([
      draft.rule,
      SEVERITIES.indexOf(draft.severity),
      draft.subject,
      agents.map(agent => roster.indexOf(agent)),
      draft.detail,
    ]);
    keyed.set(key, { ...draft, agents });
  }
  const counts = new Map<string, number>();
  return [...keyed.entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, { rule, severity, agents, subject, detail, how_to_clear }]) => {
      const number = (counts.get(rule) ?? 0) + 1;
      counts.set(rule, number);
      return { id: `${rule}.${number}`, rule, severity, agents: [...agents], subject, detail, how_to_clear };
    });
}
