import { expect, test } from 'vitest';
import { TelemetryV2 } from '../../schemas/telemetry-v2.js';
import { synthesize } from '../../src/consensus/synthesize.js';
import { telemetryV2 } from '../../src/consensus/telemetry-v2.js';
import { plan, RUN_ID, SPEC_ID } from './answers.js';
import { metrics } from './bundle.js';
import { blocks } from './cases.js';
import { request } from './run.js';

test('the telemetry line says what is known, and null for the rest', () => {
  const synthesis = synthesize(request({ outputs: { ...plan, gemini: blocks } }));
  const unknown = {
    usage: { input: null, cached_input: null, cache_write: null, output: null, reasoning: null },
  };
  const line = telemetryV2({
    synthesis,
    metrics: [metrics('gemini'), metrics('claude', { ...unknown, model_served: 'claude-x' })],
    artifacts: ['b.json', 'a.json'],
    notes: ['client mode'],
    guardrail: { outcome: 'passed', bundle: RUN_ID },
  });
  expect(TelemetryV2.parse(line)).toEqual(line);
  expect(line).toMatchObject({
    schemaVersion: '2.0',
    command: 'spec-plan',
    specId: SPEC_ID,
    artifacts: ['a.json', 'b.json'],
    consensus: {
      disagreement_detected: true,
      escalation_triggered: false,
      escalation_reason: null,
      synthesis_status: 'conflict',
      total_tokens: null,
      total_latency_ms: 800,
      total_cost_usd: 0.02,
      complete: false,
    },
  });
  expect(line.consensus.disagreement_points).toHaveLength(1);
  expect(line.consensus.agents).toMatchObject([
    { agent: 'gemini', prompt_tokens: 1_000, completion_tokens: 200, reasoning_tokens: 50, cache_hit: true },
    { agent: 'claude', model_id: 'claude-x', prompt_tokens: null, completion_tokens: null, cache_hit: null },
  ]);
  const known = telemetryV2({
    synthesis,
    metrics: [metrics('gemini', { usage: { ...metrics('gemini').usage, cached_input: 0 } })],
    artifacts: [],
    notes: [],
    guardrail: null,
  });
  expect(known.consensus).toMatchObject({
    total_tokens: 1_200,
    complete: true,
    agents: [{ cache_hit: false }],
  });
});
