import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { evidenceFile } from '../../resources/evidence-file.js';
import { lintPacket } from '../../src/packet/documents.js';
import { planAnswer, writePlanned } from '../support/answers.js';
import { answerAll, SPEC, stageCaller, synthesisOf } from '../support/consensus-run.js';
import { test } from '../support/workspace.js';

const PLAN = 'docs/SPEC-KIT-DEMO/plan.md';
const packet = { specId: SPEC, directory: `docs/${SPEC}` };

test('an ok verdict drafts plan.md, and write puts it in place and says so in the tracker', async ({
  repo,
  workspace,
}) => {
  writePlanned(repo);
  const call = stageCaller(repo);
  const report = await answerAll(call, planAnswer);
  expect(report).toMatchObject({
    verdict: 'ok',
    document: { path: PLAN, written: false, replaces: null },
    next: { tool: 'spec_plan', arguments: { specId: SPEC, runId: report.runId, write: true } },
  });
  expect(synthesisOf(repo, report).coverage).toMatchObject({ total: 2, covered: 2 });
  const file = report.document?.preview.split('/').at(-1) ?? '';
  const preview = await evidenceFile.read({ specId: SPEC, bundleId: report.runId ?? '', file }, workspace);
  const written = await call({ runId: report.runId ?? '', write: true });
  expect(written).toMatchObject({
    document: { written: true },
    next: { tool: 'spec_status', arguments: { specId: SPEC } },
  });
  expect(repo.read(PLAN)).toBe(preview);
  expect(lintPacket(workspace, packet, null).filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(repo.read('SPEC.md')).toContain(`${PLAN} from consensus run ${report.runId}`);
});

test('a plan.md that a person wrote meanwhile stays', async ({ repo }) => {
  writePlanned(repo);
  const call = stageCaller(repo);
  const report = await answerAll(call, planAnswer);
  repo.write(PLAN, '# Plan by hand\n');
  await expect(call({ runId: report.runId ?? '', write: true })).rejects.toMatchObject({ code: 'REFUSED' });
  expect(repo.read(PLAN)).toBe('# Plan by hand\n');
});

test('a verdict that is not ok has no document, and write says so', async ({ repo }) => {
  writePlanned(repo);
  const call = stageCaller(repo);
  const report = await answerAll(call, (role, asked) => planAnswer(role, { ...asked, model: 'one' }));
  await expect(call({ runId: report.runId ?? '', write: true })).rejects.toThrow(/this one is degraded/);
});

test('a finished run takes no answer, and shows its result to whoever asks', async ({ repo }) => {
  writePlanned(repo);
  const call = stageCaller(repo);
  const report = await answerAll(call, planAnswer);
  const runId = report.runId ?? '';
  await expect(call({ runId, agent: 'gemini', output: '{}' })).rejects.toMatchObject({
    code: 'REFUSED',
    message: expect.stringContaining('has ended'),
  });
  expect(await call({ runId })).toEqual(report);
});

test.for([
  ['another file to write', { document: { path: '.git/hooks/pre-push' } }, true, /no document for/],
  ['a better verdict', { verdict: 'conflict' }, false, /evidence comes to ok/],
  ['another run', { runId: '20261124T170000Z-0a1b2c3d' }, false, /changed the record/],
] as const)(
  'a record that claims %s than its evidence is not believed',
  async ([, over, write, words], { repo }) => {
    writePlanned(repo);
    const call = stageCaller(repo);
    const report = await answerAll(call, planAnswer);
    const runId = report.runId ?? '';
    const file = `docs/SPEC-OPS-004-integrated-coder-hooks/evidence/runs/${runId}.json`;
    const record = JSON.parse(repo.read(file));
    const document = { ...record.result.document, ...('document' in over ? over.document : {}) };
    repo.write(file, JSON.stringify({ ...record, result: { ...record.result, ...over, document } }));
    await expect(call({ runId, write })).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringMatching(words),
    });
    expect(existsSync(path.join(repo.root, '.git/hooks/pre-push'))).toBe(false);
  },
);
