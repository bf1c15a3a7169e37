import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test as plain } from 'vitest';
import { resources } from '../../resources/index.js';
import { VerifyReport } from '../../schemas/evidence-tools.js';
import { HalReport } from '../../schemas/hal.js';
import { readEnvironment } from '../../src/bin/environment.js';
import { startHalMock } from '../../src/ports/hal-mock.js';
import { createHost } from '../../src/server/host.js';
import { tools } from '../../tools/index.js';
import { connectStreams, type Peer } from '../support/clients.js';
import { KEY } from '../support/hal.js';
import { SPEC_ID, writePacket } from '../support/packet.js';
import { openTest, type Repository } from '../support/repository.js';
import { test } from '../support/workspace.js';

const args = { specId: SPEC_ID };

/** A client of a server whose operator chose a mock API. */
async function connected(repo: Repository, mode: 'healthy' | 'unauthorised'): Promise<Peer> {
  const mock = await startHalMock({ mode, port: 0 });
  onTestFinished(mock.close);
  writePacket(repo);
  const { operator } = readEnvironment({
    SPEC_OPS_HAL_BASE_URL: mock.url,
    HAL_SECRET_KAVEDARR_API_KEY: KEY,
  });
  const workspaces = [openTest(repo.root, operator)] as const;
  const peer = await connectStreams(createHost({ tools, resources, workspaces, log: () => {} }), 'modern');
  onTestFinished(() => peer.close());
  return peer;
}

test('a passed run names its evidence, which reads back and verifies', async ({ repo }) => {
  const client = await connected(repo, 'healthy');
  const result = await client.call('hal_smoke', args);
  const report = HalReport.parse(result.structured);
  expect(report).toMatchObject({ outcome: 'passed', next: { tool: 'spec_status', arguments: args } });
  expect(JSON.parse(result.text)).toEqual(result.structured);
  expect(Buffer.byteLength(result.text)).toBeLessThan(2800);
  expect(JSON.parse(await client.read(report.resource))).toMatchObject({
    predicate: { specId: SPEC_ID, kind: 'hal', outcome: 'passed', attestedBy: 'server', stage: null },
  });
  const verified = await client.call('verify_evidence', args);
  expect(VerifyReport.parse(verified.structured).outcome).toBe('ok');
});

test('a failed check is a result with its cause, and no error', async ({ repo }) => {
  const client = await connected(repo, 'unauthorised');
  const result = await client.call('hal_smoke', args);
  expect(result.isError).toBe(false);
  expect(result.structured).toMatchObject({
    outcome: 'failed',
    checks: [
      { name: 'list_movies', status: 'failed', cause: 'status', httpStatus: 401 },
      { name: 'indexer_test', status: 'failed', cause: 'status' },
      { name: 'graphql_ping', status: 'failed', cause: 'status' },
      { name: 'health', status: 'passed' },
    ],
    hal: { summary: { status: 'failed', failed_checks: ['list_movies', 'indexer_test', 'graphql_ping'] } },
    next: { tool: 'hal_smoke', arguments: args },
  });
});

test('a result that was edited afterwards is found', async ({ repo }) => {
  const client = await connected(repo, 'unauthorised');
  const { bundle } = HalReport.parse((await client.call('hal_smoke', args)).structured);
  const file = `docs/SPEC-OPS-004-integrated-coder-hooks/evidence/commands/${SPEC_ID}/hal_${bundle}.json`;
  writeFileSync(path.join(repo.root, file), repo.read(file).replaceAll('failed', 'passed'));
  const verified = VerifyReport.parse((await client.call('verify_evidence', args)).structured);
  expect(verified).toMatchObject({ outcome: 'tampered', findings: [{ code: 'file-changed', file }] });
});

test.for([
  ['an unknown spec', { specId: 'SPEC-KIT-404' }, /no packet for SPEC-KIT-404/],
  ['an unknown check', { ...args, checks: ['nope'] }, /There is no HAL check/],
  ['a check name that climbs', { ...args, checks: ['../x'] }, /checks/],
  ['a URL', { ...args, url: 'http://169.254.169.254' }, /url/],
  ['a base URL', { ...args, baseUrl: 'http://evil.example' }, /baseUrl/],
] as const)('%s is refused with its reason, and nothing is written', async ([, wrong, says], { repo }) => {
  const client = await connected(repo, 'healthy');
  const result = await client.call('hal_smoke', wrong);
  expect(result.isError).toBe(true);
  expect(result.text).toMatch(says);
  expect(repo.git('status', '--porcelain', '--', ':!docs/SPEC-OPS-004-integrated-coder-hooks')).toBe('');
});

plain('the tool offers no argument that could set a verdict, a URL or a secret', () => {
  const tool = tools.find(({ name }) => name === 'hal_smoke');
  expect(Object.keys(tool?.input.shape ?? {})).toEqual(['specId', 'checks', 'waitSeconds', 'workspace']);
});
