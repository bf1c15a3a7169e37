import { readdirSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { openStaging } from '../../src/evidence/staging.js';
import { test } from '../support/workspace.js';
import { ROOT } from './fixtures.js';

const DAY = 24 * 60 * 60;
const AT = Date.parse('2026-11-22T10:00:00Z') / 1000;

test('what died is swept when its name and its own time are both over a day old, and never before', ({
  repo,
  workspace,
}) => {
  const left = [
    ['20261121T095959Z-0000000a.0', AT - DAY - 1],
    ['20261121T100000Z-0000000b.0', AT - DAY - 1],
    ['20261121T095959Z-0000000c.0', AT - DAY],
    ['20261122T095959Z-0000000d.0', AT - 9 * DAY],
    ['20200101T000000Z-0000000e.0', AT],
    ['run-20200101T000000Z-0000000f', AT - 9 * DAY],
  ] as const;
  for (const [name, seconds] of left) {
    repo.write(`${ROOT}/.staging/${name}`, 'half');
    utimesSync(path.join(repo.root, ROOT, '.staging', name), seconds, seconds);
  }
  openStaging(workspace, ROOT, '20261122T100000Z-00000001');
  const names = readdirSync(path.join(repo.root, ROOT, '.staging'));
  expect(left.map(([name]) => name).filter(name => !names.includes(name))).toEqual([left[0][0]]);
});
