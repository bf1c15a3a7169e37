import type { AgentMetrics } from '../../schemas/telemetry-v2.js';
import { synthesize } from '../../src/consensus/synthesize.js';
import { telemetryV2 } from '../../src/consensus/telemetry-v2.js';
import { sha256Of } from '../../src/evidence/digest.js';
import { SPEC_MD } from '../support/packet.js';
import { header, RUN_ID } from './answers.js';
import { type Run, request } from './run.js';

export const PREFIX = `spec-plan_${RUN_ID}`;
const prompt = (agent: string) => `You are ${agent}.\n`;

export function metrics(agent: AgentMetrics['agent'], change: Partial<AgentMetrics> = {}): AgentMetrics {
  return {
    schemaVersion: 1,
    agent,
    run_id: RUN_ID,
    source: 'http',
    provider: `provider of ${agent}`,
    model_requested: String(header(agent)['model']),
    model_served: null,
    model_release: '2025-08-06',
    reasoning_mode: 'high',
    usage: { input: 1_000, cached_input: 10, cache_write: 0, output: 200, reasoning: 50 },
    latency_ms: 400,
    queue_ms: 0,
    attempts: 1,
    cost: { usd: 0.01, source: 'table', table_version: '2026-03-01', exact: true },
    status: 'ok',
    error: null,
    ...change,
  };
}

/** The files of a bundle as they are stored, by name. */
export function bundle(run: Run = {}): Map<string, Buffer> {
  const whole = request(run);
  const agents = whole.agents.map(answer => {
    const evidence = {
      ...answer.evidence,
      provenance: {
        ...answer.evidence.provenance,
        prompt_sha256: sha256Of(Buffer.from(prompt(answer.evidence.agent).trim())),
      },
    };
    const bytes = bytesOf(evidence);
    return { ...answer, evidence, bytes, sha256: sha256Of(bytes) };
  });
  const again =
    whole.escalation === null ? null : { ...whole.escalation, bytes: bytesOf(whole.escalation.evidence) };
  const synthesis = synthesize({
    ...whole,
    agents,
    escalation: again === null ? null : { ...again, sha256: sha256Of(again.bytes) },
  });
  const all = agents.map(({ evidence }) => metrics(evidence.agent));
  const line = telemetryV2({ synthesis, metrics: all, artifacts: [], notes: [], guardrail: null });
  return new Map([
    ...agents.map(({ path, bytes }) => [path, bytes] as const),
    ...(again === null ? [] : [[again.path, again.bytes] as const]),
    ...all.map(each => [`${PREFIX}_${each.agent}_metrics.json`, bytesOf(each)] as const),
    ...all.map(({ agent }) => [`${PREFIX}_${agent}_prompt.md`, Buffer.from(prompt(agent))] as const),
    [`${PREFIX}_inputs.json`, bytesOf(whole.inputs)],
    [`${PREFIX}_synthesis.json`, bytesOf(synthesis)],
    [`${PREFIX}_telemetry.jsonl`, Buffer.from(`${JSON.stringify(line)}\n`)],
    [
      `${PREFIX}_preflight.json`,
      bytesOf({ receipt: [{ name: 'spec.md', sha256: sha256Of(Buffer.from(SPEC_MD)) }] }),
    ],
  ]);
}

export function bytesOf(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}
