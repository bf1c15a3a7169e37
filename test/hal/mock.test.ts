import { expect, onTestFinished } from 'vitest';
import type { MockMode } from '../../schemas/hal.js';
import { writeProfile } from '../../src/hal/template.js';
import { startHalMock } from '../../src/ports/hal-mock.js';
import { loadSettings } from '../../src/settings/load.js';
import { captureOf, checkOf, smoke } from '../support/hal.js';
import { openTest } from '../support/repository.js';
import { test } from '../support/workspace.js';

async function mock(mode: MockMode): Promise<string> {
  const { url, close } = await startHalMock({ mode, port: 0 });
  onTestFinished(close);
  return url;
}

test('the built-in checks pass against the healthy mock, and each has a capture of what came', async ({
  repo,
}) => {
  const { report } = await smoke(repo, await mock('healthy'));
  expect(report).toMatchObject({ outcome: 'passed', omitted: 0, waivers: [] });
  expect(report.checks.map(({ name, status, httpStatus }) => [name, status, httpStatus])).toEqual([
    ['health', 'passed', 200],
    ['list_movies', 'passed', 200],
    ['indexer_test', 'passed', 200],
    ['graphql_ping', 'passed', 200],
  ]);
  expect(report.hal.summary).toMatchObject({ status: 'passed', failed_checks: [] });
  expect(report.hal.summary.artifacts).toHaveLength(4);
  const { response, request } = captureOf(repo, report, 'list_movies');
  expect(request.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/v3\/movie\?page=1&limit=50$/);
  expect(request.headers).toMatchObject({ 'X-Api-Key': '[redacted]', apikey: '[redacted]' });
  expect(response?.body.text).toContain('Metropolis');
  expect(response?.body).toMatchObject({ truncated: false, utf8: true });
});

test.for([
  ['degraded', 'health', 'assertion'],
  ['degraded', 'indexer_test', 'status'],
  ['unauthorised', 'list_movies', 'status'],
  ['unauthorised', 'graphql_ping', 'status'],
  ['graphql-errors', 'graphql_ping', 'body'],
  ['slow', 'health', 'timeout'],
  ['wrong-json', 'health', 'assertion'],
  ['wrong-json', 'list_movies', 'body'],
] as const)(
  'against the %s mock, %s of the profile that init writes fails with cause %s',
  async ([mode, check, cause], { repo }) => {
    const first = openTest(repo.root);
    const { settings } = await loadSettings(first);
    expect(writeProfile(first, settings)).toBe('docs/hal/hal_profile.json');
    const { report } = await smoke(repo, await mock(mode), { toml: '[hal]\ntimeout = "300ms"\n' });
    expect(report.outcome).toBe('failed');
    expect(checkOf(report, check)).toMatchObject({ status: 'failed', cause });
    expect(report.hal.summary).toMatchObject({ status: 'failed' });
    expect(report.hal.summary.failed_checks).toContain(check);
  },
);

test('a flapping API fails every run of an even number of checks', async ({ repo }) => {
  const url = await mock('flapping');
  for (const _ of [1, 2]) {
    const { report } = await smoke(repo, url);
    expect(report.hal.summary.failed_checks).toHaveLength(2);
  }
});
