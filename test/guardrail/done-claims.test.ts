import { expect } from 'vitest';
import type { Stage } from '../../schemas/ids.js';
import { verifyEvidence } from '../../src/evidence/verify.js';
import { quiet } from '../evidence/fixtures.js';
import { ROOT, recordEarlier, recordStage } from '../support/earlier.js';
import { SPEC_ID, TRACKER, writePacket } from '../support/packet.js';
import { openTest, type Repository } from '../support/repository.js';
import { checkOf, runStage } from '../support/stage.js';
import { test } from '../support/workspace.js';

const audit = (repo: Repository) => runStage(repo, 'audit');
const file = (stage: Stage, session: string) => `${ROOT}/commands/${SPEC_ID}/spec-${stage}_${session}.json`;

test('a row that is Done on a run that did not pass is a false claim', async ({ repo }) => {
  writePacket(repo);
  recordEarlier(repo);
  const bad = recordStage(repo, 'audit', { status: 'failed' });
  const good = recordStage(repo, 'audit');
  const done = (session: string) => {
    const row = `| 1 | T1 | Demo | Done | Ben | docs/SPEC-KIT-DEMO/spec.md | main |  |  | ${file('audit', session)} |  |`;
    repo.write('SPEC.md', TRACKER.replace(/^\| 1 .*$/m, row));
    repo.commit('done');
  };
  done(bad);
  const run = await audit(repo);
  expect(checkOf(run, 'tracker-claims').message).toMatch(new RegExp(`T1 .*Done on ${bad}, which is failed`));
  done(good);
  expect((await audit(repo)).report.outcome).toBe('passed');
});

test('a row that is Done on evidence that verify calls false fails the audit, too', async ({ repo }) => {
  writePacket(repo);
  const name = `${ROOT}/commands/${SPEC_ID}/spec-plan_2025-03-01T10:00:00Z-1234567.json`;
  repo.write(
    name,
    JSON.stringify({
      schemaVersion: 1,
      command: 'spec-ops-plan',
      specId: SPEC_ID,
      sessionId: '2025-03-01T10:00:00Z-1234567',
      timestamp: '2025-03-01T10:00:05Z',
      artifacts: [],
      baseline: { mode: 'no-run', artifact: 'none', status: 'passed' },
      hooks: { 'session.start': 'ok' },
    }),
  );
  repo.write(
    'SPEC.md',
    TRACKER.replace(
      /^\| 1 .*$/m,
      `| 1 | T1 | Demo | Done | Ben | docs/SPEC-KIT-DEMO/spec.md | main |  |  | ${name} |  |`,
    ),
  );
  repo.commit('done');
  recordEarlier(repo);
  const verified = await verifyEvidence(openTest(repo.root), ROOT, { specId: SPEC_ID }, quiet);
  expect(verified.findings).toContainEqual(expect.objectContaining({ code: 'tracker-claim' }));
  expect(checkOf(await audit(repo), 'tracker-claims')).toMatchObject({
    status: 'failed',
    message: expect.stringMatching(/T1 \(line 5\) is Done, but .*false \(passed-without-run/),
  });
});
