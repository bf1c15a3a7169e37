import type { Agent, AgentRole } from '../../schemas/settings.js';

/** One question to the agent that plays a role, complete: nothing else reaches it. */
export interface AgentRequest {
  readonly role: AgentRole;
  readonly agent: Agent;
  readonly system: string;
  readonly prompt: string;
  /** JSON Schema 2020-12 of the answer, in the strict subset that providers enforce. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Of the spec-kit.toml that `agent` is from: a person has to trust it before anything is sent. */
  readonly configDigest: string | null;
  readonly signal: AbortSignal;
}

/** Tokens as a provider reported them; `input` includes cached, `output` includes reasoning. Null: not reported. */
export interface Usage {
  readonly input: number | null;
  readonly cachedInput: number | null;
  readonly cacheWrite: number | null;
  readonly output: number | null;
  readonly reasoning: number | null;
}

/** Why there is no answer. Only `rate_limited`, `server`, `timeout` and `connection` are tried once more. */
export type AgentFailureCode =
  | 'config'
  | 'auth'
  | 'not_found'
  | 'rate_limited'
  | 'server'
  | 'timeout'
  | 'connection'
  | 'refusal'
  | 'malformed'
  | 'too_large'
  | 'not_started'
  | 'cancelled';

export interface AgentFailure {
  readonly code: AgentFailureCode;
  /** Our words, one sentence with what to do next; no key, no absolute path. */
  readonly message: string;
}

/** One try, kept whether it worked or not: all tries are billed. */
export interface AgentAttempt {
  readonly failure: AgentFailure | null;
  readonly usage: Usage | null;
  readonly latencyMs: number;
}

/** One normalised answer, whatever the provider. Unknown is null, never 0. */
export interface AgentAnswer {
  /** Redacted; null when there is none. */
  readonly text: string | null;
  readonly failure: AgentFailure | null;
  /** `length`: cut at the output limit. */
  readonly finish: 'stop' | 'length' | 'refusal' | 'unknown';
  /** Such as "openai-responses 127.0.0.1:8080" or "cli codex". */
  readonly provider: string;
  readonly modelRequested: string | null;
  readonly modelServed: string | null;
  readonly requestId: string | null;
  readonly attempts: readonly AgentAttempt[];
  /** What the provider itself says it costs, all attempts together. */
  readonly reportedCostUsd: number | null;
}

/** What one try brought back, before redaction. */
export interface Reply {
  readonly text: string | null;
  readonly failure: AgentFailure | null;
  readonly finish: AgentAnswer['finish'];
  readonly modelServed: string | null;
  readonly requestId: string | null;
  readonly usage: Usage | null;
  readonly costUsd: number | null;
}

export const NO_REPLY: Reply = {
  text: null,
  failure: null,
  finish: 'unknown',
  modelServed: null,
  requestId: null,
  usage: null,
  costUsd: null,
};

export function failedReply(code: AgentFailureCode, message: string): Reply {
  return { ...NO_REPLY, failure: { code, message } };
}
