import { expect } from 'vitest';
import * as z from 'zod';
import { runCli } from '../support/cli.js';
import { test } from '../support/workspace.js';

test('the demo comes out as it should: all stages, the API degraded, and one byte changed', async ({
  repo,
}) => {
  const { exitCode, stdout, stderr } = await runCli(repo.root, ['demo', '--json']);
  expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
  const { transcript } = z.object({ transcript: z.array(z.string()) }).parse(JSON.parse(stdout));
  const text = transcript.join('\n');
  for (const stage of ['plan', 'tasks', 'implement', 'validate', 'audit', 'unlock'])
    expect(text).toMatch(new RegExp(`^ +${stage} +passed`, 'm'));
  for (const stage of ['validate', 'audit', 'unlock'])
    expect(text).toMatch(new RegExp(`^ +${stage} +failed`, 'm'));
  expect(text).toContain('hal:health: assertion: GET /health has `degraded`');
  expect(text).toContain('file-changed');
}, 60_000);
