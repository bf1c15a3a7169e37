import { expect } from 'vitest';
import { completeBundle } from '../../src/evidence/complete.js';
import { publishBundle } from '../../src/evidence/publish.js';
import { test } from '../support/workspace.js';
import { bundleOf, ROOT, SPEC } from './fixtures.js';

test('offers the specs that have a ledger, their newest bundles and the files of one', ({
  repo,
  workspace,
}) => {
  const made = [1, 2].map(() =>
    publishBundle(workspace, ROOT, bundleOf(workspace, { 'note.txt': 'x', 'data.json': '{}' })),
  );
  repo.write(`${ROOT}/ledger/SPEC-B-2/00000001.json`, '{}');
  repo.write(`${ROOT}/ledger/SPEC-C-3`, 'a file');
  repo.write(`${ROOT}/ledger/no spec/00000001.json`, '{}');
  const offered = (variable: string, value: string, known: Readonly<Record<string, string>> = {}) =>
    completeBundle(workspace, ROOT, variable, value, known);
  expect(offered('specId', '')).toEqual([SPEC, 'SPEC-B-2']);
  expect(offered('specId', 'SPEC-B')).toEqual(['SPEC-B-2']);
  const bundles = made.map(({ resource }) => resource.split('/').at(-1) ?? '');
  const [first = ''] = bundles;
  expect(offered('bundleId', '', { specId: SPEC })).toEqual(bundles.toReversed());
  expect(offered('bundleId', first, { specId: SPEC })).toEqual([first]);
  expect(offered('bundleId', '', { specId: '../x' })).toEqual([]);
  const of = { specId: SPEC, bundleId: first };
  expect(offered('file', '', of)).toEqual([`data_${first}.json`, `note_${first}.txt`]);
  expect(offered('file', 'n', of)).toEqual([`note_${first}.txt`]);
  expect(offered('file', '', { ...of, bundleId: '20200101T000000Z-00000000' })).toEqual([]);
  expect(offered('file', '', { ...of, bundleId: '..' })).toEqual([]);
});
