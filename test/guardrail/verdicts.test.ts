import { expect } from 'vitest';
import { acceptVerdict } from '../../src/consensus/accept.js';
import { specStatus } from '../../src/status/status.js';
import { plan, RUN_ID } from '../consensus/answers.js';
import { bundle, bytesOf, PREFIX } from '../consensus/bundle.js';
import { blocks } from '../consensus/cases.js';
import { planAnswer, writePlanned } from '../support/answers.js';
import { answerAll, stageCaller } from '../support/consensus-run.js';
import { ROOT, recordEarlier, recordVerdict } from '../support/earlier.js';
import { SPEC_ID, TASKS_MD, writePacket } from '../support/packet.js';
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

test('only a recorded disagreement can be accepted', async ({ repo }) => {
  writePacket(repo);
  recordVerdict(repo, bundle(), 'ok');
  await expect(accept(repo)).rejects.toMatchObject({
    code: 'REFUSED',
    message: expect.stringContaining('is ok; there is nothing to take responsibility for'),
  });
  for (const other of ['20260101T000000Z-00000000', 'no run'])
    await expect(accept(repo, other)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining(`no recorded verdict of plan run ${other} of ${SPEC_ID}`),
    });
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
    message: expect.stringContaining(
      'Asserted, not proven: the answers of gemini, claude, gpt_pro were handed in by the caller',
    ),
  });
});

const DOCS = `docs/${SPEC_ID}`;

/** What the agents of the plan agreed on is in place, and all stages before the audit passed there. */
async function agreed(repo: Repository) {
  writePlanned(repo);
  const call = stageCaller(repo);
  const { runId } = await answerAll(call, planAnswer);
  await call({ runId: String(runId), write: true });
  return settle(repo);
}

function settle(repo: Repository): void {
  repo.commit();
  recordEarlier(repo);
}

test('a verdict counts while the documents are what the agents saw or agreed on, whatever comes after them', async ({
  repo,
}) => {
  await agreed(repo);
  expect(repo.read(`${DOCS}/plan.md`)).toContain('# Plan');
  repo.write(`${DOCS}/tasks.md`, TASKS_MD);
  repo.write('README.md', 'More.');
  settle(repo);
  const run = await runStage(repo, 'audit');
  expect(checkOf(run, 'verdict:plan').status).toBe('passed');
  expect(run.report.outcome).toBe('passed');
});

test.for([
  ['spec.md was edited', 'spec.md', (text: string) => `${text}- R3: it also sings\n`],
  ['plan.md was edited after it was agreed on', 'plan.md', (text: string) => `${text}- And more.\n`],
] as const)('a verdict does not count once %s', async ([, name, edit], { repo }) => {
  await agreed(repo);
  repo.write(`${DOCS}/${name}`, edit(repo.read(`${DOCS}/${name}`)));
  settle(repo);
  const run = await runStage(repo, 'audit');
  expect(checkOf(run, 'verdict:plan')).toMatchObject({
    status: 'failed',
    message: expect.stringContaining(`speaks about another text: ${name} changed since`),
  });
  expect(run.report).toMatchObject({ outcome: 'failed', next: { tool: 'spec_plan' } });
  expect((await runStage(repo, 'unlock')).report.outcome).toBe('failed');
  const { stages = [], summary, next } = await specStatus(openTest(repo.root), SPEC_ID);
  expect(stages[0]).toMatchObject({ stage: 'plan', verdict: 'ok', outdatedBy: [name] });
  expect(summary).toContain(`${name} changed since: the verdict on plan does not count`);
  expect(next).toMatchObject({ tool: 'spec_plan' });
});

test('an acceptance speaks about the same text as the conflict it accepts', async ({ repo }) => {
  writePacket(repo);
  recordVerdict(repo, bundle(conflict), 'conflict');
  await accept(repo);
  repo.write(`${DOCS}/spec.md`, `${repo.read(`${DOCS}/spec.md`)}\nMore.\n`);
  settle(repo);
  expect(checkOf(await runStage(repo, 'audit'), 'verdict:plan')).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('another text: spec.md'),
  });
});

test('a consensus that does not tell what it is about carries nothing', async ({ repo }) => {
  writePacket(repo);
  recordEarlier(repo);
  const files = bundle();
  files.set(`${PREFIX}_preflight.json`, bytesOf({}));
  recordVerdict(repo, files, 'ok');
  expect(checkOf(await runStage(repo, 'audit'), 'verdict:plan')).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('does not tell which documents'),
  });
});
