import { cpSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { MockMode } from '../../schemas/hal.js';
import { STAGES, type Stage } from '../../schemas/ids.js';
import type { Telemetry } from '../../schemas/telemetry.js';
import { type HalMock, startHalMock } from '../../src/ports/hal-mock.js';
import { KEY } from '../support/hal.js';
import { makeRepository, type Repository } from '../support/repository.js';
import { runStage, type StageRun } from '../support/stage.js';

/** The format as it is published, and the fields that the contract names for each stage. */
const published = z.fromJSONSchema(JSON.parse(readFileSync('schemas/telemetry-v1.schema.json', 'utf8')));
const contract: Readonly<Record<Stage, unknown>> = {
  plan: {
    baseline: { mode: 'full', artifact: expect.stringContaining('spec-plan_'), status: 'passed' },
    hooks: { 'session.start': 'skipped' },
  },
  tasks: { tool: { status: 'ok' } },
  implement: { lock_status: 'locked', hook_status: 'ok' },
  validate: { scenarios: expect.any(Array), hal: { summary: { status: 'passed', failed_checks: [] } } },
  audit: { scenarios: expect.any(Array), hal: { summary: { status: 'passed', failed_checks: [] } } },
  unlock: { unlock_status: 'unlocked' },
};

let repo: Repository;
let api: HalMock;

beforeAll(async () => {
  repo = makeRepository();
  cpSync('examples/kavedarr', repo.root, { recursive: true });
  const settings = path.join(repo.root, 'spec-kit.toml');
  repo.write('spec-kit.toml', readFileSync(settings, 'utf8').replace('timeout = "5s"', 'timeout = "2s"'));
  repo.commit('the example workspace');
  api = await startHalMock({ mode: 'healthy', port: 0 });
});

afterAll(async () => {
  await api.close();
  rmSync(repo.root, { recursive: true, force: true });
});

async function become(mode: MockMode): Promise<void> {
  const port = Number(new URL(api.url).port);
  await api.close();
  api = await startHalMock({ mode, port });
}

async function run(stage: Stage): Promise<StageRun> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    SPEC_OPS_HAL_BASE_URL: api.url,
    HAL_SECRET_KAVEDARR_API_KEY: KEY,
  };
  const ran = await runStage(repo, stage, { env });
  checkTelemetry(ran.telemetry, stage);
  return ran;
}

function checkTelemetry(telemetry: Telemetry, stage: Stage): void {
  const stored: unknown = JSON.parse(JSON.stringify(telemetry));
  expect(published.safeParse(stored).error?.issues).toBeUndefined();
  expect(telemetry).toMatchObject({
    schemaVersion: 1,
    command: `spec-ops-${stage}`,
    specId: 'SPEC-KIT-DEMO',
  });
  expect(telemetry.artifacts.length).toBeGreaterThan(0);
  for (const { path: file, digest } of telemetry.artifacts) {
    expect(repo.read(file)).toBeDefined();
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
  }
}

test('the published format is a schema that refuses', () => {
  expect(published.safeParse({ schemaVersion: 1, command: 'spec-ops-validate' }).success).toBe(false);
});

describe.sequential('on the example workspace', () => {
  test('every stage passes with the healthy API', async () => {
    for (const stage of STAGES) {
      const { report, telemetry } = await run(stage);
      expect([stage, report.outcome, report.waivers]).toEqual([stage, 'passed', []]);
      expect(telemetry).toMatchObject({ ...Object(contract[stage]) });
    }
  });

  test.for<[MockMode, RegExp, RegExp]>([
    ['degraded', /^hal:health$/, /^assertion: GET \/health has `degraded`/],
    ['unauthorised', /^hal:list_movies$/, /^status: GET .*answered 401/],
    ['graphql-errors', /^hal:graphql_ping$/, /^body: POST \/graphql .*Internal resolver error/],
    ['slow', /^hal:health$/, /^timeout: GET \/health/],
    ['flapping', /^hal:/, /^status: .*answered 503/],
    ['wrong-json', /^hal:list_movies$/, /^body: GET .*JSON/],
  ])('%s: validate and audit fail, naming the check and its cause', async ([mode, name, cause]) => {
    await become(mode);
    for (const stage of ['validate', 'audit'] as const) {
      const { report, telemetry } = await run(stage);
      expect(report.outcome).toBe('failed');
      const failed = report.checks.filter(each => each.status === 'failed' && each.name.startsWith('hal:'));
      expect(failed.filter(each => name.test(each.name) && cause.test(each.message))).not.toEqual([]);
      expect(telemetry).toMatchObject({
        hal: {
          summary: { status: 'failed', failed_checks: failed.map(each => each.name.slice('hal:'.length)) },
        },
      });
    }
    expect((await run('unlock')).report.outcome).toBe('failed');
  });
});
