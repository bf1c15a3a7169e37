import { expect } from 'vitest';
import { HalTelemetry } from '../../schemas/hal.js';
import { sha256Of } from '../../src/evidence/digest.js';
import { publishBundle } from '../../src/evidence/publish.js';
import { newSessionId } from '../../src/evidence/session.js';
import { verifyEvidence } from '../../src/evidence/verify.js';
import { decideOutcome } from '../../src/guardrail/outcome.js';
import { probe, serveOne, smoke } from '../support/hal.js';
import { SPEC_ID } from '../support/packet.js';
import type { Repository } from '../support/repository.js';
import { test } from '../support/workspace.js';
import { quiet } from './fixtures.js';

const ROOT = 'docs/SPEC-OPS-004-integrated-coder-hooks/evidence';
const FOLDER = `${ROOT}/commands/${SPEC_ID}`;
const JSON_TYPE = { 'content-type': 'application/json' };

interface Answer {
  readonly status?: number;
  readonly body?: string;
  readonly request?: Readonly<Record<string, unknown>>;
}

/** Smokes an API that answers like this and says what verification finds. */
async function run(repo: Repository, { status = 200, body = '{"ok":true}', request }: Answer) {
  const { url } = await serveOne(status, JSON_TYPE, body);
  const { report, workspace } = await smoke(repo, url, { profile: probe(request) });
  const verified = await verifyEvidence(workspace, ROOT, { specId: SPEC_ID }, quiet);
  return { report, workspace, verified };
}

/**
 * Records the same run once more, with right digests, as if its check had passed. `change` may rewrite the capture; undefined
 * leaves it out.
 */
async function lie(
  repo: Repository,
  { report, workspace }: Awaited<ReturnType<typeof run>>,
  change: (capture: string) => string | undefined = text => text,
): Promise<string[]> {
  const sessionId = newSessionId(workspace);
  const textOf = (name: string) => repo.read(`${FOLDER}/${name}`).replaceAll(report.bundle, sessionId);
  const capture = change(
    textOf(`${report.bundle}-hal-probe.json`).replace('"status": "failed"', '"status": "passed"'),
  );
  const name = `${sessionId}-hal-probe.json`;
  const files = capture === undefined ? [] : [{ name, bytes: Buffer.from(capture) }];
  const told = HalTelemetry.parse(JSON.parse(textOf(`hal_${report.bundle}.json`)));
  const checks = told.checks.map(check => ({ ...check, status: 'passed' as const }));
  const telemetry = {
    ...told,
    checks,
    outcome: decideOutcome(checks),
    hal: { summary: { status: 'passed', failed_checks: [], artifacts: [] } },
    artifacts: files.map(({ bytes }) => ({ path: `${FOLDER}/${name}`, digest: sha256Of(bytes) })),
  };
  publishBundle(workspace, ROOT, {
    specId: SPEC_ID,
    sessionId,
    prefix: 'hal',
    kind: 'hal',
    attestedBy: 'server',
    stage: null,
    outcome: 'passed',
    checks,
    content: null,
    waivers: [],
    source: { commit: null, tree: null, branch: null, dirty: null },
    configDigest: told.configDigest,
    startedAt: told.timestamp,
    endedAt: told.timestamp,
    files: [{ name: `hal_${sessionId}.json`, bytes: Buffer.from(JSON.stringify(telemetry)) }, ...files],
  });
  const { findings } = await verifyEvidence(workspace, ROOT, { specId: SPEC_ID }, quiet);
  return findings.map(({ code, message }) => `${code}: ${message}`);
}

test('what came over the wire supports what was recorded, passed or failed', async ({ repo }) => {
  const passed = await run(repo, {});
  expect(passed).toMatchObject({ report: { outcome: 'passed' }, verified: { outcome: 'ok', findings: [] } });
  const failed = await run(repo, { status: 500 });
  expect(failed).toMatchObject({ report: { outcome: 'failed' }, verified: { outcome: 'ok', findings: [] } });
});

test('a check that expects a 404 and got it is believed without its profile', async ({ repo }) => {
  const expected = await run(repo, { status: 404, request: { expect: { status: 404 } } });
  expect(expected).toMatchObject({ report: { outcome: 'passed' }, verified: { findings: [] } });
});

test.for([
  ['a 500', { status: 500 }, /answered 500, expected 200 to 299/],
  [
    'GraphQL errors',
    { body: '{"data":null,"errors":[{"message":"no"}]}', request: { path: '/graphql' } },
    /sent GraphQL errors/,
  ],
  ['a body that is no JSON', { body: 'oops' }, /is not valid JSON/],
  [
    'an assertion that does not hold',
    { request: { expect: { json: { ok: { equals: false } } } } },
    /the capture shows that the service/,
  ],
  [
    'an answer that was expected to be another',
    { request: { expect: { status: 404 } } },
    /answered 200, expected 404/,
  ],
] as const)('a pass over %s is denied, though every digest is right', async ([, answer, says], { repo }) => {
  const honest = await run(repo, answer);
  expect(honest.report.outcome).toBe('failed');
  expect((await lie(repo, honest)).join('\n')).toMatch(
    new RegExp(`^false-claim: hal:probe claims .*${says.source}`, 'm'),
  );
});

test.for([
  ['without a capture', () => undefined, /^false-claim: Its check hal:probe passed, and no capture/],
  ['with a capture that is no capture', () => '{}', /^false-claim: The capture of probe is malformed/],
  [
    'with a capture of another check',
    (text: string) => text.replace('"check": "probe"', '"check": "other"'),
    /^claim-mismatch: Its check is not/,
  ],
  [
    'with a capture without an answer',
    (text: string) =>
      text.replace(/"response": \{[\s\S]*\n {2}\},\n {2}"error"/, '"response": null,\n  "error"'),
    /holds no answer/,
  ],
] as const)('a pass %s is denied', async ([, change, says], { repo }) => {
  expect((await lie(repo, await run(repo, { status: 500 }), change)).join('\n')).toMatch(
    new RegExp(says.source, 'm'),
  );
});
