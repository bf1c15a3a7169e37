import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { specStatus } from '../../src/status/status.js';
import { planAnswer, writePlanned } from '../support/answers.js';
import { answerAll, SPEC, stageCaller } from '../support/consensus-run.js';
import { test } from '../support/workspace.js';

test('spec_status shows the verdict of the newest run of a stage, computed again', async ({
  repo,
  workspace,
}) => {
  writePlanned(repo);
  const call = stageCaller(repo);
  const verdict = async () => (await specStatus(workspace, SPEC)).stages?.[0]?.verdict;
  await call({ dryRun: true });
  expect(await verdict()).toBeUndefined();
  const report = await answerAll(call, planAnswer);
  expect(await verdict()).toBe('ok');
  const file = path.join(repo.root, report.synthesis ?? '');
  writeFileSync(file, repo.read(report.synthesis ?? '').replace('"ok"', '"degraded"'));
  expect(await verdict()).toBeNull();
});
