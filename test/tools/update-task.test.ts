import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { UpdateTaskResult } from '../../schemas/tracker.js';
import { writePacket } from '../support/packet.js';
import { test } from '../support/served.js';

test('changes the named cells, appends a dated note, and no other line', async ({ repo, client }) => {
  writePacket(repo);
  const before = repo.read('SPEC.md').split('\n');
  const result = await client.call('update_task', { taskId: 'T1', status: 'In Review', note: 'ready' });
  const { changed, after } = UpdateTaskResult.parse(result.structured);
  expect(changed).toEqual(['Status', 'Notes']);
  expect(after).toMatchObject({ status: 'In Review', line: 5 });
  expect(after.cells['Notes']).toMatch(/^2026-11-22: .*ready/);
  const lines = repo.read('SPEC.md').split('\n');
  expect(lines.filter((line, index) => line !== before[index])).toHaveLength(1);
});

test('tells the resource of the row and of the tracker that they changed', async ({ repo, client }) => {
  writePacket(repo);
  const heard = await client.follow(['spec-kit://tracker', 'spec-kit://tracker/T1', 'spec-kit://specs']);
  await client.call('update_task', { taskId: 'T1', note: 'seen' });
  await expect
    .poll(() => heard)
    .toEqual(expect.arrayContaining(['spec-kit://tracker', 'spec-kit://tracker/T1', 'spec-kit://specs']));
});

test.for([
  ['Done without evidence', { taskId: 'T1', status: 'Done', note: 'n' }, /[Ee]vidence/],
  [
    'Done with evidence that does not exist',
    { taskId: 'T1', status: 'Done', evidence: 'docs/none.md' },
    /docs\/none\.md/,
  ],
  ['evidence outside', { taskId: 'T1', evidence: '../x' }, /outside/],
  ['a status change without a reason', { taskId: 'T1', status: 'Blocked' }, /note/],
  ['a status that is not one', { taskId: 'T1', status: 'Finished', note: 'n' }, /status/],
  ['an unknown task', { taskId: 'T9', note: 'n' }, /T9/],
  ['a date that is none', { taskId: 'T1', lastValidation: '2026-13-40' }, /2026-13-40/],
  ['a date in the future', { taskId: 'T1', lastValidation: '2027-01-01' }, /future/],
  ['a note over two lines', { taskId: 'T1', note: 'a\nb' }, /line/],
  ['nothing to change', { taskId: 'T1' }, /./],
] as const)('%s is refused and the file stays as it was', async ([, args, says], { repo, client }) => {
  writePacket(repo);
  const result = await client.call('update_task', args);
  expect(result.isError).toBe(true);
  expect(result.text).toMatch(says);
  expect(repo.git('status', '--porcelain')).toBe('');
});

test('a tracker that leads outside is refused, and the file outside is not touched', async ({
  repo,
  client,
}) => {
  writePacket(repo);
  const outside = path.join(tmpdir(), `spec-kit-outside-${process.pid}.md`);
  writeFileSync(outside, repo.read('SPEC.md'));
  rmSync(path.join(repo.root, 'SPEC.md'));
  symlinkSync(outside, path.join(repo.root, 'SPEC.md'));
  try {
    const result = await client.call('update_task', { taskId: 'T1', note: 'n' });
    expect(result.text).toMatch(/outside the workspace/);
  } finally {
    rmSync(outside);
  }
});
