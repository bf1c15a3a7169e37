import { expect } from 'vitest';
import { acceptVerdict } from '../../src/consensus/accept.js';
import { plan, RUN_ID } from '../consensus/answers.js';
import { bundle, bytesOf, PREFIX } from '../consensus/bundle.js';
import { blocks } from '../consensus/cases.js';
import { planAnswer, writePlanned } from '../support/answers.js';
import { answerAll, stageCaller } from '../support/consensus-run.js';
import { ROOT, recordEarlier, recordVerdict } from '../support/earlier.js';
import { SPEC_ID, writePacket } from '../support/packet.js';
import { openTest, type Repository } from '../support/repository.js';
import { checkOf, runStage } from '../support/stage.js';
import { test } from '../support/workspace.js';

const conflict = { outputs: { ...plan, gemini: blocks } };
const forged = (status: string) => {
  const files = bundle(conflict);
  const name = `${PREFIX}_synthesis.json`;
  return files.set(name, bytesOf({ ...JSON.parse(String(files.get(name))), status }));
};

test.for([
  ['ok', bundle(), 'ok', 'passed', /agreed \([^)]+\)\.$/],
  ['a conflict', bundle(conflict), 'conflict', 'failed', /newest verdict is conflict/],
  [
    'degraded',
    bundle({ outputs: { gemini: plan.gemini, gpt_pro: plan.gpt_pro } }),
    'degraded',
    'failed',
    /degraded/,
  ],
  [
    'a conflict that calls itself ok',
    forged('ok'),
    'ok',
    'failed',
    /does not (hold|verify): .*claims ok; its own files make it conflict/,
  ],
] as const)(
  'a verdict that is %s is computed again and not passed over',
  async ([, files, verdict, status, message], { repo }) => {
    writePacket(repo);
    recordEarlier(repo);
    recordVerdict(repo, files, verdict);
    const run = await runStage(repo, 'audit');
    expect(checkOf(run, 'verdict:plan')).toMatchObject({ status, message: expect.stringMatching(message) });
    expect(run.report.outcome).toBe(status === 'failed' ? 'failed' : 'passed');
  },
);

const accept = (repo: Repository, runId = RUN_ID) =>
  acceptVerdict(openTest(repo.root), {
    specId: SPEC_ID,
    stage: 'plan',
    runId,
    reason: 'we go on all the same',
  });

test('a conflict that a person accepted is waived with name and reason', async ({ repo }) => {
  writePacket(repo);
  recordEarlier(repo);
  recordVerdict(repo, bundle(conflict), 'conflict');
  const before = await runStage(repo, 'audit');
  expect(checkOf(before, 'verdict:plan').message).toContain(`stage plan ${SPEC_ID} --accept ${RUN_ID}`);
  await accept(repo);
  const run = await runStage(repo, 'audit');
  expect(run.report.outcome).toBe('passed');
  expect(run.report.waivers).toEqual([
    { check: 'verdict:plan', by: 'Test <test@example.com>', reason: 'we go on all the same' },
  ]);
});

test('an acceptance that was edited excuses nothing', async ({ repo }) => {
  writePacket(repo);
  recordEarlier(repo);
  recordVerdict(repo, bundle(conflict), 'conflict');
  const { bundle: session } = await accept(repo);
  const file = `${ROOT}/consensus/${SPEC_ID}/spec-plan_${session}_synthesis.json`;
  repo.write(file, repo.read(file).replace('we go on', 'they go on'));
  expect(checkOf(await runStage(repo, 'audit'), 'verdict:plan').status).toBe('failed');
});

test('an agreement of answers that all came from the client is said to be its word', async ({ repo }) => {
  writePlanned(repo);
  expect((await answerAll(stageCaller(repo), planAnswer)).verdict).toBe('ok');
  repo.commit();
  const run = await runStage(repo, 'audit');
  expect(checkOf(run, 'verdict:plan')).toMatchObject({
    status: 'passed',
    message: expect.stringContaining('Every answer came from the client'),
  });
});
