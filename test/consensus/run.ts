import type { AgentEvidence, ConsensusInputs, Synthesis } from '../../schemas/consensus.js';
import type { Stage } from '../../schemas/ids.js';
import { AGENT_ROLES, type AgentRole } from '../../schemas/settings.js';
import { repositoryOf } from '../../src/consensus/citations.js';
import type { StoredAnswer } from '../../src/consensus/panel.js';
import { type SynthesisRequest, synthesize } from '../../src/consensus/synthesize.js';
import { canonicalJson } from '../../src/evidence/canonical.js';
import { sha256Of } from '../../src/evidence/digest.js';
import { CRITERIA, header, type Output, PATHS, plan, RUN_ID, SPEC_ID } from './answers.js';

export interface Run {
  readonly stage?: Stage;
  readonly outputs?: Readonly<Partial<Record<AgentRole, Output | null>>>;
  readonly inputs?: Partial<ConsensusInputs>;
  readonly evidence?: Partial<AgentEvidence>;
  readonly provenance?: Partial<AgentEvidence['provenance']>;
  readonly escalation?: Output | null;
}

export const TIMESTAMP = '2026-11-24T17:05:00Z';

export function textAt(output: Output | null | undefined, name: string): string | null {
  const value = output?.[name];
  return typeof value === 'string' ? value : null;
}

export function stored(
  agent: AgentRole,
  output: Output | null,
  run: Run = {},
  name: string = agent,
): StoredAnswer {
  const stage = run.stage ?? 'plan';
  const evidence: AgentEvidence = {
    schemaVersion: 1,
    stage: `spec-${stage}`,
    specId: SPEC_ID,
    agent,
    run_id: RUN_ID,
    provenance: {
      source: 'http',
      provider: `provider of ${agent}`,
      model_requested: textAt(header(agent), 'model'),
      model_served: null,
      request_id: null,
      prompt_sha256: null,
      schema_sha256: null,
      attempt: 1,
      ...run.provenance,
    },
    self_reported: {
      model: textAt(output, 'model'),
      model_release: textAt(output, 'model_release'),
      reasoning_mode: textAt(output, 'reasoning_mode'),
    },
    output,
    error: null,
    ...run.evidence,
  };
  const bytes = Buffer.from(`${canonicalJson(evidence)}\n`);
  return { path: `spec-${stage}_${RUN_ID}_${name}.json`, sha256: sha256Of(bytes), evidence };
}

export function request(run: Run = {}): SynthesisRequest {
  const outputs: NonNullable<Run['outputs']> = run.outputs ?? plan;
  const answers = AGENT_ROLES.flatMap(agent => {
    const output = outputs[agent];
    return output === undefined ? [] : [stored(agent, output, run)];
  });
  const given = [...Object.values(outputs), run.escalation ?? null].filter(
    (output): output is Output => output !== null && output !== undefined,
  );
  return {
    inputs: {
      schemaVersion: 1,
      stage: run.stage ?? 'plan',
      specId: SPEC_ID,
      run_id: RUN_ID,
      prompt_version: '20251002-plan-a',
      criteria: CRITERIA.map(id => ({ id, text: `criterion ${id}` })),
      repository: repositoryOf(PATHS, given),
      truncated: [],
      truncated_by_provider: [],
      budget_stop: null,
      canary: 'c4n4ry-77',
      ...run.inputs,
    },
    agents: answers,
    escalation: run.escalation === undefined ? null : stored('gpt_pro', run.escalation, {}, 'escalation'),
    timestamp: TIMESTAMP,
    acceptance: null,
  };
}

export const verdictOf = (run: Run = {}): Synthesis => synthesize(request(run));

/** Rules with what they came to, such as "R20 degrade". */
export const rulesOf = ({ findings }: Synthesis): string[] =>
  findings.map(({ rule, severity }) => `${rule} ${severity}`);
