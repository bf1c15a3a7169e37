import { expect } from 'vitest';
import { publishBundle } from '../../src/evidence/publish.js';
import { statsOf } from '../../src/evidence/stats.js';
import { openTest } from '../support/repository.js';
import { test } from '../support/workspace.js';
import { bundleOf, guardrailBundle, ROOT, SPEC } from './fixtures.js';

const NOW = new Date('2026-11-22T10:00:00Z');
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 24 * 60 * 60 * 1000);

test('what was recorded in the last days is counted by its record, and by kind', ({ repo }) => {
  const ages = [40, 30, 29, 8, 7, 6, 0];
  for (const age of ages) {
    const workspace = openTest(repo.root, {}, daysAgo(age));
    const bundle = age === 0 ? guardrailBundle(workspace) : bundleOf(workspace, { 'note.txt': 'x' });
    publishBundle(workspace, ROOT, bundle);
  }
  const stats = statsOf(openTest(repo.root, {}, NOW), ROOT, SPEC);
  expect(stats).toMatchObject({
    all: { bundles: 7 },
    last30Days: { bundles: 5 },
    last7Days: { bundles: 2 },
    archived: { bundles: 0, bytes: 0 },
    overLimit: false,
  });
  expect(Object.keys(stats.kinds)).toHaveLength(2);
  expect(stats.inTree).toBe(stats.all.bytes);
});
