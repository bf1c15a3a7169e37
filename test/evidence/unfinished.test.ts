import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { publishBundle } from '../../src/evidence/publish.js';
import { discardUnfinished } from '../../src/evidence/unfinished.js';
import { test } from '../support/workspace.js';
import { bundleOf, ROOT, SPEC } from './fixtures.js';

const DEAD = '20261122T100001Z-aaaaaaaa';
const OTHER = '20261122T100001Z-bbbbbbbb';
const BEFORE = '20261122T090000Z-cccccccc';

test('what a killed stage left goes with its captures; other sessions, older ones and recorded ones stay', ({
  repo,
  workspace,
}) => {
  // Begun in the same second as the killed one, and recorded.
  publishBundle(workspace, ROOT, { ...bundleOf(workspace, { 'note.txt': 'x' }), prefix: 'spec-validate' });
  const folder = `${ROOT}/commands/${SPEC}`;
  const before = readdirSync(path.join(repo.root, folder));
  const theirs = [
    `hal_${OTHER}.json`,
    `${OTHER}-hal-health.json`,
    `spec-audit_${OTHER}.json`,
    `spec-validate_${BEFORE}.json`,
    `${BEFORE}-hal-health.json`,
  ];
  const left = [
    `spec-validate_${DEAD}.json`,
    `spec-validate_${DEAD}_log.txt`,
    `${DEAD}-hal-health.json`,
    `${DEAD}-hal-graphql_ping.json`,
  ];
  for (const name of [...theirs, ...left]) repo.write(`${folder}/${name}`, '{}');
  const since = new Date('2026-11-22T10:00:00.500Z');
  const order = { specId: SPEC, prefix: 'spec-validate', since };
  expect(discardUnfinished(workspace, ROOT, order)).toBe(4);
  expect(readdirSync(path.join(repo.root, folder)).sort()).toEqual([...before, ...theirs].sort());
  expect(discardUnfinished(workspace, ROOT, order)).toBe(0);
});
