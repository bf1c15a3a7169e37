import { expect } from 'vitest';
import { StageReport } from '../../schemas/stage-tools.js';
import { planAnswer, writePlanned } from '../support/answers.js';
import { askedBy } from '../support/consensus-run.js';
import { test } from '../support/served.js';

const specId = 'SPEC-KIT-DEMO';

test('a client answers question after question, each served as a resource too, until there is a verdict with evidence', async ({
  repo,
  client,
}) => {
  writePlanned(repo);
  const call = async (args: object) => {
    const result = await client.call('spec_plan', { specId, ...args });
    expect(result.isError, result.text).toBe(false);
    expect(Buffer.byteLength(result.text)).toBeLessThanOrEqual(8 * 1024);
    return StageReport.parse(result.structured);
  };
  let report = await call({ goal: 'show it' });
  const asked = askedBy(report);
  for (let { awaiting } = report; awaiting !== undefined; { awaiting } = report) {
    const prompt = await client.read(awaiting.promptUri);
    expect(prompt).toBe(repo.read(awaiting.promptPath));
    expect(prompt).toContain(`"agent" "${awaiting.agent}"`);
    report = await call({
      runId: asked.runId,
      agent: awaiting.agent,
      output: planAnswer(awaiting.agent, asked),
    });
  }
  expect(report).toMatchObject({ status: 'done', verdict: 'ok', agents: [{ status: 'valid' }, {}, {}] });
  const manifest = JSON.parse(await client.read(report.resource ?? ''));
  expect(manifest.predicate).toMatchObject({
    kind: 'consensus',
    stage: 'plan',
    verdict: 'ok',
    attestedBy: 'server',
  });
  const names = manifest.subject.map(({ name }: { name: string }) => name.split(`${asked.runId}_`)[1]).sort();
  expect(names).toEqual(
    expect.arrayContaining([
      'claude.json',
      'gemini_prompt.md',
      'inputs.json',
      'plan.md',
      'preflight.json',
      'synthesis.json',
    ]),
  );
  expect((await client.call('verify_evidence', { specId })).structured).toMatchObject({ outcome: 'ok' });
});

test('a prompt that is too long for a result is in its file and its resource alone', async ({
  repo,
  client,
}) => {
  writePlanned(repo);
  repo.write('PLANNING.md', '- a line of planning that goes on and on\n'.repeat(2_000));
  repo.commit();
  const result = await client.call('spec_plan', { specId });
  const report = StageReport.parse(result.structured);
  expect(Buffer.byteLength(result.text)).toBeLessThanOrEqual(8 * 1024);
  expect(report.awaiting?.prompt).toBeUndefined();
  expect(result.content.map(({ type }) => type)).toEqual(['text', 'resource_link']);
  expect((await client.read(report.resource ?? '')).length).toBeGreaterThan(80_000);
});

test('findings without number do not make a result long', async ({ repo, client }) => {
  writePlanned(repo);
  const criteria = Array.from({ length: 300 }, (_, index) => `- R${index + 10}: ${'word '.repeat(60)}`);
  repo.write(
    'docs/SPEC-KIT-DEMO/spec.md',
    `${repo.read('docs/SPEC-KIT-DEMO/spec.md')}${criteria.join('\n')}\n[TODO]\n`,
  );
  repo.commit();
  let report = StageReport.parse((await client.call('spec_plan', { specId })).structured);
  const { runId } = report;
  for (let tries = 0; report.status === 'awaiting_output' && tries < 9; tries++) {
    const { agent } = report.awaiting ?? {};
    const result = await client.call('spec_plan', {
      specId,
      runId,
      agent,
      output: `{"stage": "${'x'.repeat(9_000)}`,
    });
    expect(Buffer.byteLength(result.text)).toBeLessThanOrEqual(8 * 1024);
    report = StageReport.parse(result.structured);
  }
  expect(report.verdict).toBe('degraded');
});

test.for([
  ['an unknown spec', { specId: 'SPEC-KIT-404' }, /no packet for SPEC-KIT-404/],
  ['an argument it does not have', { specId, verdict: 'ok' }, /verdict/],
  ['a program', { specId, command: 'rm' }, /command/],
  [
    'an output of another kind',
    { specId, runId: '20261122T100000Z-0a0b0c0d', agent: 'gemini', output: 7 },
    /JSON text or an object/,
  ],
  ['a run id that climbs', { specId, runId: '../../etc' }, /runId/],
  ['an empty goal', { specId, goal: '' }, /goal/],
] as const)('%s is refused with words', async ([, args, message], { repo, client }) => {
  writePlanned(repo);
  const result = await client.call('spec_plan', args);
  expect(result.isError).toBe(true);
  expect(result.text).toMatch(message);
});
