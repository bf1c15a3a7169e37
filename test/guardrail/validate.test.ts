import { expect } from 'vitest';
import type { Telemetry } from '../../schemas/telemetry.js';
import { KEY, serveOne } from '../support/hal.js';
import { writePacket } from '../support/packet.js';
import { node } from '../support/plan.js';
import { checkOf, runStage, type StageRun } from '../support/stage.js';
import { test } from '../support/workspace.js';

const scenario = (script: string, more = '') =>
  `[commands.e2e]\n${node(script)}\n[guardrail.validate]\nscenarios = ["e2e"]\n${more}`;

const api = (url: string) => ({ SPEC_OPS_HAL_BASE_URL: url, HAL_SECRET_KAVEDARR_API_KEY: KEY });

function validated({ telemetry }: StageRun): Extract<Telemetry, { command: 'spec-ops-validate' }> {
  if (telemetry.command !== 'spec-ops-validate') throw new Error(telemetry.command);
  return telemetry;
}

const profile = JSON.stringify({
  up: { method: 'GET', path: '/health', expect: { json: { status: { equals: 'ok' } } } },
});

test('a scenario is a command with its exit code, duration, log and digest', async ({ repo }) => {
  writePacket(repo, scenario('console.log("all fine")'));
  const run = await runStage(repo, 'validate');
  expect(run.report.outcome).toBe('passed');
  const { scenarios, hal } = validated(run);
  expect(scenarios).toMatchObject([
    { name: 'scenario:e2e', status: 'passed', exitCode: 0, digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
  ]);
  expect(repo.read(scenarios[0]?.log ?? '')).toBe('all fine\n');
  expect(checkOf(run, 'scenario:e2e').message).toContain('nobody counted its tests');
  expect(hal).toBeUndefined();
  expect(checkOf(run, 'hal')).toMatchObject({ status: 'not_run', required: false });
  expect(checkOf(run, 'hal').message).toMatch(/base_url.*hal init.*SPEC_OPS_HAL_BASE_URL/);
});

test.for<[string, string, string, string]>([
  ['fails', 'process.exit(1)', 'failed', 'failed'],
  ['does not end by itself', 'setTimeout(() => {}, 60000)', 'incomplete', 'skipped'],
])('a scenario that %s is not passed', async ([, script, outcome, status], { repo }) => {
  writePacket(repo, scenario(script).replace('[guardrail', 'timeout = "300ms"\n[guardrail'));
  const run = await runStage(repo, 'validate');
  expect(run.report.outcome).toBe(outcome);
  expect(validated(run).scenarios).toMatchObject([{ name: 'scenario:e2e', status }]);
  expect(checkOf(run, 'scenario:e2e').message).not.toContain('counted');
});

test('without a scenario and without an API nothing was validated, and that never passes', async ({
  repo,
}) => {
  writePacket(repo);
  const run = await runStage(repo, 'validate');
  expect(run.report.outcome).toBe('incomplete');
  expect(checkOf(run, 'scenarios').message).toMatch(/Nothing was validated/);
  expect(validated(run).scenarios).toEqual([{ name: 'none', status: 'skipped' }]);
});

test('a new file that git does not know is no change of tracked files', async ({ repo }) => {
  writePacket(repo, scenario('require("fs").writeFileSync("made.txt", "")'));
  const run = await runStage(repo, 'validate');
  expect(checkOf(run, 'source-unchanged').status).toBe('passed');
  repo.write('made.txt', 'old');
  const again = await runStage(repo, 'validate');
  expect(checkOf(again, 'source-unchanged').status).toBe('passed');
  expect(again.report.outcome).toBe('passed');
});

test('an untrusted scenario does not run', async ({ repo }) => {
  writePacket(repo, scenario('require("fs").writeFileSync("ran", "")'));
  const run = await runStage(repo, 'validate', { trusted: false });
  expect(run.report.outcome).toBe('incomplete');
  expect(checkOf(run, 'scenario:e2e').message).toMatch(/spec-kit-mcp trust/);
  expect(() => repo.read('ran')).toThrow();
});

test('each HAL check is a check of the stage, and its capture a file of the bundle', async ({ repo }) => {
  const { url } = await serveOne(200, { 'content-type': 'application/json' }, '{"status":"ok"}');
  repo.write('docs/hal/hal_profile.json', profile);
  writePacket(repo, scenario('0'));
  const run = await runStage(repo, 'validate', { env: api(url) });
  expect(run.report.outcome).toBe('passed');
  expect(checkOf(run, 'hal:up')).toMatchObject({ status: 'passed', required: true });
  const { hal, scenarios, artifacts } = validated(run);
  expect(hal?.summary).toMatchObject({ status: 'passed', failed_checks: [] });
  expect(hal?.profile).toMatchObject({ path: 'docs/hal/hal_profile.json' });
  expect(artifacts.map(({ path }) => path)).toContain(hal?.summary.artifacts[0]);
  expect(scenarios.map(({ name }) => name)).toEqual(['scenario:e2e', 'hal:up']);
});

test('a failed HAL check fails the stage with its name and cause', async ({ repo }) => {
  const { url } = await serveOne(200, { 'content-type': 'application/json' }, '{"status":"degraded"}');
  repo.write('docs/hal/hal_profile.json', profile);
  writePacket(repo, scenario('0'));
  const run = await runStage(repo, 'validate', { env: api(url) });
  expect(run.report.outcome).toBe('failed');
  expect(checkOf(run, 'hal:up').message).toMatch(/^assertion: .*degraded/);
  expect(validated(run).hal?.summary).toMatchObject({ status: 'failed', failed_checks: ['up'] });
});

test('the HAL checks alone validate when no scenario is configured', async ({ repo }) => {
  const { url } = await serveOne(200, { 'content-type': 'application/json' }, '{"status":"ok"}');
  repo.write('docs/hal/hal_profile.json', profile);
  writePacket(repo);
  const run = await runStage(repo, 'validate', { env: api(url) });
  expect(run.report.outcome).toBe('passed');
  expect(checkOf(run, 'scenarios')).toMatchObject({ status: 'not_run', required: false });
});

test.for([
  ['a section [hal]', '[hal]\ntimeout = "1s"\n', {}],
  ['a base URL of the operator', '', { SPEC_OPS_HAL_BASE_URL: 'http://127.0.0.1:1' }],
] as const)('%s means that there is an API, and no answer fails', async ([, more, env], { repo }) => {
  writePacket(repo, scenario('0', more));
  const run = await runStage(repo, 'validate', { env });
  expect(run.report.outcome).toBe('failed');
  expect(checkOf(run, 'hal:health').status).toBe('failed');
});

test('a profile that cannot be read is an API that was not asked', async ({ repo }) => {
  repo.write('docs/hal/hal_profile.json', '{"up": {"metod": "GET"}}');
  writePacket(repo, scenario('0'));
  const run = await runStage(repo, 'validate');
  expect(run.report.outcome).toBe('incomplete');
  expect(checkOf(run, 'hal')).toMatchObject({ status: 'not_run', required: true });
  expect(checkOf(run, 'hal').message).toMatch(/metod.*did you mean "method"/);
});

test('an ordered skip of HAL lets the scenarios pass as a recorded waiver, and nothing else', async ({
  repo,
}) => {
  const env = { SPEC_OPS_HAL_SKIP: '1', SPEC_OPS_HAL_BASE_URL: 'http://127.0.0.1:1' };
  writePacket(repo, scenario('0'));
  const run = await runStage(repo, 'validate', { env });
  expect(run.report.outcome).toBe('passed');
  expect(run.report.waivers).toEqual([
    { check: 'hal:all', by: 'SPEC_OPS_HAL_SKIP', reason: 'the operator skips the HAL checks' },
  ]);
  expect(validated(run).hal?.summary.status).toBe('skipped');
  writePacket(repo, '[hal]\ntimeout = "1s"\n');
  expect((await runStage(repo, 'validate', { env })).report.outcome).toBe('incomplete');
});

test('SPEC_OPS_TELEMETRY_HAL=0 keeps the summary out of telemetry, and the checks in', async ({ repo }) => {
  const { url } = await serveOne(500, {}, 'no');
  repo.write('docs/hal/hal_profile.json', profile);
  writePacket(repo, scenario('0'));
  const run = await runStage(repo, 'validate', { env: { ...api(url), SPEC_OPS_TELEMETRY_HAL: '0' } });
  expect(run.report.outcome).toBe('failed');
  expect(validated(run).hal).toBeUndefined();
  expect(checkOf(run, 'hal:up').status).toBe('failed');
});

test('a command may be scenario and policy in one run; each has its log', async ({ repo }) => {
  writePacket(repo, scenario('console.log("PASS")', '[policy]\nprefilter = "e2e"\nfinal = "e2e"\n'));
  const run = await runStage(repo, 'validate');
  expect(run.report.outcome).toBe('passed');
  const logs = run.telemetry.checks.flatMap(({ log }) => log ?? []);
  expect(new Set(logs).size).toBe(3);
});
