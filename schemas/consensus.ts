import * as z from 'zod';
import { Position } from './consensus-parts.js';
import { Outcome, SessionId, SpecId, Stage } from './ids.js';
import { AgentRole } from './settings.js';

/** The only verdicts of a synthesis. */
export const Verdict = z.enum(['ok', 'conflict', 'degraded']);
export type Verdict = z.output<typeof Verdict>;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/);
const PayloadStage = z.string().regex(/^spec-(plan|tasks|implement|validate|audit|unlock)$/);
const Text = z.string();

/** `fixture`: canned answers of tests and demos, which can never be ok. */
export const Source = z.enum(['http', 'cli', 'client', 'fixture']);
export type Source = z.output<typeof Source>;

/** What the server knows about where an answer came from. Client answers assert their model; nothing proves it. */
export const Provenance = z.strictObject({
  source: Source,
  /** Such as "openai-responses 127.0.0.1:8080", "cli codex" or "client". */
  provider: Text,
  model_requested: Text.nullable(),
  model_served: Text.nullable(),
  request_id: Text.nullable(),
  prompt_sha256: Sha256.nullable(),
  schema_sha256: Sha256.nullable(),
  /** From 1: which content attempt this is. */
  attempt: z.int().min(1),
});
export type Provenance = z.output<typeof Provenance>;

/** Why there is no usable answer: a code of `AgentFailureCode` or of `src/consensus/judgement.ts`, or "not_asked". */
const AgentError = z.strictObject({ code: Text, message: Text });

/** `spec-<stage>_<session>_<agent>.json`, also `_escalation.json`: one answer and where it came from. */
export const AgentEvidence = z.strictObject({
  schemaVersion: z.literal(1),
  stage: PayloadStage,
  specId: SpecId,
  agent: AgentRole,
  run_id: SessionId,
  provenance: Provenance,
  self_reported: z.strictObject({
    model: Text.nullable(),
    model_release: Text.nullable(),
    reasoning_mode: Text.nullable(),
  }),
  /** The answer as extracted, redacted; null when there is none. */
  output: z.record(z.string(), z.unknown()).nullable(),
  /** Null when the answer was accepted. */
  error: AgentError.nullable(),
});
export type AgentEvidence = z.output<typeof AgentEvidence>;

/**
 * `spec-<stage>_<session>_inputs.json`: all that the synthesis reads beside the agent files. Whoever has these files can
 * compute the verdict again.
 */
export const ConsensusInputs = z.strictObject({
  schemaVersion: z.literal(1),
  stage: Stage,
  specId: SpecId,
  run_id: SessionId,
  prompt_version: Text,
  /** Acceptance criteria of spec.md, in its order. */
  criteria: z.array(z.strictObject({ id: Text, text: Text })),
  /** The tracked paths that citations were checked against, and which of the cited ones are among them. */
  repository: z.strictObject({ paths: z.int(), sha256: Sha256, cited: z.array(Text) }),
  /** Documents that were cut to fit, spec.md as "spec.md". */
  truncated: z.array(Text),
  /** Agents whose provider read clearly less than was sent. */
  truncated_by_provider: z.array(AgentRole),
  /** What ran out before all agents were asked. */
  budget_stop: z.enum(['usd', 'seconds', 'tokens']).nullable(),
  /** Hex of a marker in the system prompts; an answer that repeats it is not one. */
  canary: Text.nullable(),
});
export type ConsensusInputs = z.output<typeof ConsensusInputs>;

export const RULES = {
  R01: 'agent_missing',
  R02: 'agent_invalid',
  R03: 'model_self_report',
  R04: 'suspicious_text',
  R10: 'citation_missing',
  R20: 'acceptance_uncovered',
  R21: 'mapping_without_check',
  R22: 'acceptance_dropped_by_arbiter',
  R23: 'requirement_not_in_spec',
  R24: 'no_criteria',
  R30: 'step_dropped_silently',
  R31: 'step_dropped_with_reason',
  R32: 'step_added_by_arbiter',
  R33: 'rubber_stamp',
  R40: 'decision_blocks',
  R41: 'position_split',
  R42: 'position_split_resolved',
  R43: 'positions_missing',
  R44: 'criterion_blocked',
  R50: 'declared_conflict',
  R51: 'run_fact_in_conflicts',
  R52: 'agreement_unsupported',
  R60: 'question_unanswered',
  R70: 'single_provider',
  R71: 'quorum_not_met',
  R72: 'offline',
  R73: 'context_truncated',
  R74: 'budget',
  R75: 'asserted_models',
} as const;
export type RuleId = keyof typeof RULES;

export const FindingSeverity = z.enum(['conflict', 'degrade', 'warn', 'info']);
export type FindingSeverity = z.output<typeof FindingSeverity>;

export const SynthesisFinding = z.strictObject({
  /** `<rule>.<n>`, from 1, in the order of the findings. */
  id: Text,
  rule: Text,
  severity: FindingSeverity,
  agents: z.array(AgentRole),
  /** A criterion, step, path, question or agent; inert and short. */
  subject: Text,
  detail: Text,
  how_to_clear: Text,
});
export type SynthesisFinding = z.output<typeof SynthesisFinding>;

const Acceptance = z.strictObject({
  accepts: z.enum(['conflict', 'degraded']),
  by: Text,
  reason: Text,
  at: Instant,
});
/** A person took responsibility for going on; the status stays what it is. */
export type Acceptance = z.output<typeof Acceptance>;

const Resolution = z.strictObject({
  requirement_id: Text,
  chosen: Position,
  reason: Text,
  cites: z.array(Text),
});
export type Resolution = z.output<typeof Resolution>;

/** `spec-<stage>_<session>_synthesis.json`. Same inputs, same bytes; `timestamp` and `acceptance` are not part of the inputs. */
export const Synthesis = z.strictObject({
  schemaVersion: z.literal(1),
  /** Version of the rules. */
  rules: Text,
  stage: PayloadStage,
  specId: SpecId,
  run_id: SessionId,
  timestamp: Instant,
  prompt_version: Text,
  status: Verdict,
  /** Rules that made the status, such as "R41 position_split". */
  status_reasons: z.array(Text),
  /** What the status hides. */
  also: z.strictObject({ conflicts: z.int(), degrades: z.int(), warnings: z.int() }),
  quorum: z.strictObject({
    required: z.array(AgentRole),
    valid: z.array(AgentRole),
    ungrounded: z.array(AgentRole),
    min: z.int(),
    met: z.boolean(),
    providers: z.array(Text),
  }),
  missing_agents: z.array(AgentRole),
  consensus: z.strictObject({ agreements: z.array(Text), conflicts: z.array(Text) }),
  /** Agreements that the arbiter claims and no other agent's answer supports. */
  unverified_agreements: z.array(Text),
  positions: z.array(
    z.strictObject({
      requirement_id: Text,
      agents: z.array(z.strictObject({ agent: AgentRole, position: Position, because: Text })),
    }),
  ),
  coverage: z.strictObject({
    total: z.int(),
    covered: z.int(),
    criteria: z.array(z.strictObject({ id: Text, covered: z.boolean(), by: z.array(AgentRole) })),
  }),
  /** Criteria on which two or more agents took a position, and what became of them. */
  alignment: z.strictObject({ compared: z.int(), agreed: z.int(), split: z.int(), resolved: z.int() }),
  citations: z.array(
    z.strictObject({ agent: AgentRole, checked: z.int(), missing: z.int(), examples: z.array(Text) }),
  ),
  resolutions: z.array(Resolution),
  findings: z.array(SynthesisFinding),
  agents: z.array(
    z.strictObject({
      agent: AgentRole,
      path: Text,
      sha256: Sha256,
      status: z.enum(['valid', 'ungrounded', 'invalid', 'failed']),
    }),
  ),
  escalation: z.strictObject({ path: Text, sha256: Sha256 }).nullable(),
  inputs_sha256: Sha256,
  acceptance: Acceptance.nullable(),
});
export type Synthesis = z.output<typeof Synthesis>;

/** The guardrail that ran before the agents. */
export const GuardrailFact = z.strictObject({ outcome: Outcome, bundle: SessionId });
export type GuardrailFact = z.output<typeof GuardrailFact>;
