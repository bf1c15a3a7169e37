import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { AgentMetrics, TelemetryV2 } from '../../schemas/telemetry-v2.js';
import { recomputeVerdict } from '../../src/consensus/recompute.js';
import { callStage, SPEC, synthesisOf } from '../support/consensus-run.js';
import { prepared, providers, ROLES, ROOT, sound } from '../support/provider-run.js';
import type { Repository } from '../support/repository.js';
import { test } from '../support/workspace.js';

/** Names and bytes of a recorded bundle. */
function bundleFiles(repo: Repository, runId: string | null): ReadonlyMap<string, Buffer> {
  const folder = path.join(repo.root, ROOT, 'consensus', SPEC);
  const names = readdirSync(folder).filter(
    name => name.includes(String(runId)) && !name.endsWith('_manifest.json'),
  );
  return new Map(names.map(name => [name, readFileSync(path.join(folder, name))]));
}

test('the bundle has the metrics of every agent and one line of telemetry, and comes to the same verdict again', async ({
  repo,
}) => {
  const { urls } = await providers((role, asked, call) =>
    role === 'gemini' && call === 1 ? 'Hm.' : sound(role, asked, call),
  );
  const prices = '[prices.stub-model-served]\ninput = 1\noutput = 10\ncached_input = 0.1\n';
  const report = await callStage(prepared(repo, urls, prices));
  const files = bundleFiles(repo, report.runId);
  expect(recomputeVerdict(files)).toEqual({ verdict: 'ok', problems: [] });
  const line = TelemetryV2.parse(
    JSON.parse(files.get(`spec-plan_${report.runId}_telemetry.jsonl`)?.toString() ?? ''),
  );
  expect(line.artifacts).toEqual([...files.keys()].sort());
  expect(line.consensus).toMatchObject({
    synthesis_status: 'ok',
    complete: true,
    agents: [
      {
        agent: 'gemini',
        attempts: 2,
        prompt_tokens: 100_000,
        completion_tokens: 420,
        model_id: 'stub-model-served',
      },
      { agent: 'claude', attempts: 1, prompt_tokens: 50_000 },
      { agent: 'gpt_pro', attempts: 1 },
    ],
  });
  expect(line.consensus.total_cost_usd).toBeGreaterThan(0.1);
  expect(line.guardrail).toEqual(report.guardrail);
});

test.for([
  ['every try of an agent counts', 0.25, 0.5 + 0.25],
  ['what is not known of one try is not known of all', undefined, null],
] as const)('the cost that a provider tells: %s', async ([, first, total], { repo }) => {
  const { urls } = await providers((role, asked, call) => {
    const text = role === 'gemini' && call === 1 ? 'Hm.' : String(sound(role, asked, call));
    const cost = role === 'gemini' && call === 1 ? first : 0.5;
    return cost === undefined ? text : { text, cost };
  });
  const report = await callStage(prepared(repo, urls));
  const name = `spec-plan_${report.runId}_gemini_metrics.json`;
  const metrics = AgentMetrics.parse(JSON.parse(bundleFiles(repo, report.runId).get(name)?.toString() ?? ''));
  expect(metrics).toMatchObject({ attempts: 2, cost: { usd: total } });
});

test.for<[string, string, string[]]>([
  ['tokens that one call may exceed', 'tokens = 1000', []],
  ['a price that nobody knows', 'usd = 5', []],
  ['seconds that are over after the first answer', 'seconds = 0.000001', ['gemini']],
])('a budget stops before a call: %s', async ([, budget, asked], { repo }) => {
  const { calls, urls } = await providers(sound);
  const report = await callStage(prepared(repo, urls, `[budgets.plan]\n${budget}\n`));
  expect(calls).toEqual(asked);
  expect(report.verdict).toBe('degraded');
  expect(synthesisOf(repo, report).findings.map(({ rule }) => rule)).toContain('R74');
  expect(recomputeVerdict(bundleFiles(repo, report.runId))).toEqual({ verdict: 'degraded', problems: [] });
});

test('a budget that is enough stops nothing', async ({ repo }) => {
  const { calls, urls } = await providers(sound);
  await callStage(prepared(repo, urls, '[budgets.plan]\ntokens = 1000000\nseconds = 600\n'));
  expect(calls).toEqual([...ROLES]);
});
