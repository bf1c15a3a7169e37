import { utimesSync } from 'node:fs';
import path from 'node:path';
import { expect, test as plain } from 'vitest';
import { answeredOnce } from '../../src/cli/answered-once.js';
import type { Answer } from '../../src/cli/command.js';
import { publishBundle } from '../../src/evidence/publish.js';
import { verifyWhole } from '../../src/evidence/verify.js';
import { reportOf, SHORT } from '../../src/evidence/verify-report.js';
import { bundleOf, quiet, ROOT, SPEC } from '../evidence/fixtures.js';
import { runCli } from '../support/cli.js';
import { test } from '../support/workspace.js';

plain('the flag is refused beside what it cannot answer', async () => {
  const { exitCode, stderr } = await runCli(process.cwd(), ['verify', '--cache', '--current']);
  expect([exitCode, stderr]).toEqual([
    4,
    expect.stringContaining('--cache cannot be given together with --current'),
  ]);
});

test('an answer is repeated until a file is touched, even when its time is set back', async ({
  repo,
  workspace,
}) => {
  const answers = new Map<string, string>();
  const kept = {
    read: (key: string) => answers.get(key),
    write: (key: string, text: string) => void answers.set(key, text),
  };
  let verified = 0;
  const verify = async (): Promise<Answer> => {
    verified++;
    const report = reportOf(workspace, await verifyWhole(workspace, ROOT, { specId: SPEC }, quiet), SHORT);
    return { json: report, text: report.summary, exitCode: report.outcome === 'ok' ? 0 : 1 };
  };
  const ask = () => answeredOnce(workspace, kept, { root: ROOT, input: {} }, verify);
  const { files } = publishBundle(workspace, ROOT, bundleOf(workspace, { 'note.txt': 'one' }));
  const file = files[0]?.path ?? '';
  const first = await ask();
  expect(first.exitCode).toBe(0);
  const second = await ask();
  expect(second).toMatchObject({ exitCode: 0, json: first.json });
  expect(second.text).toContain('Unchanged since it was verified at');
  expect(verified).toBe(1);
  repo.write(file, 'two');
  utimesSync(path.join(repo.root, file), new Date(0), new Date(0));
  expect((await ask()).exitCode).toBe(1);
  repo.write(file, 'one');
  expect((await ask()).exitCode).toBe(0);
  publishBundle(workspace, ROOT, bundleOf(workspace, { 'note.txt': 'x' }));
  expect((await ask()).exitCode).toBe(0);
  expect(verified).toBe(4);
  for (const key of answers.keys()) answers.set(key, 'rubbish');
  expect((await ask()).exitCode).toBe(0);
  expect(verified).toBe(5);
});
