import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { findBundle } from '../../src/evidence/find-bundle.js';
import { recordPath } from '../../src/evidence/layout.js';
import { publishBundle } from '../../src/evidence/publish.js';
import type { Repository } from '../support/repository.js';
import { test } from '../support/workspace.js';
import { guardrailBundle, ROOT, SPEC, writeLedger } from './fixtures.js';

const COUNT = 1200;
const bundleAt = (seq: number) => `20261122T100000Z-${String(seq).padStart(8, '0')}`;

/** Exchanges the bundles that two records name, as when two runs overlap or a clock jumps. */
function swap(repo: Repository, one: number, other: number): void {
  const rename = (seq: number, bundle: string) => {
    const file = path.join(repo.root, ROOT, recordPath(SPEC, seq));
    writeFileSync(file, JSON.stringify({ ...JSON.parse(repo.read(path.relative(repo.root, file))), bundle }));
  };
  rename(one, bundleAt(other));
  rename(other, bundleAt(one));
}

test('every bundle is found in its record, whether its start is in order or near it', ({
  repo,
  workspace,
}) => {
  writeLedger(repo, COUNT);
  const seqOf = (bundle: string) => findBundle(workspace, ROOT, SPEC, bundle)?.seq;
  const asked = [1, 2, 99, 100, 101, 200, 600, 1099, 1100, 1199, 1200];
  expect(asked.map(seq => seqOf(bundleAt(seq)))).toEqual(asked);
  swap(repo, 600, 690);
  expect([seqOf(bundleAt(600)), seqOf(bundleAt(690))]).toEqual([690, 600]);
  swap(repo, 1, 2);
  expect([seqOf(bundleAt(1)), seqOf(bundleAt(2))]).toEqual([2, 1]);
});

test('far from its place a bundle is found where its manifest lies, anywhere in the ledger', ({
  repo,
  workspace,
}) => {
  writeLedger(repo, COUNT);
  swap(repo, 3, 900);
  expect(findBundle(workspace, ROOT, SPEC, bundleAt(3))).toBeUndefined();
  for (const [of, at] of [
    [3, 900],
    [900, 3],
  ] as const) {
    repo.write(`${ROOT}/commands/${SPEC}/note_${bundleAt(of)}_manifest.json`, '{}');
    expect(findBundle(workspace, ROOT, SPEC, bundleAt(of))).toMatchObject({ seq: at, manifest: undefined });
  }
});

test('what no record names is not found, and an empty ledger has nothing', ({ repo, workspace }) => {
  expect(findBundle(workspace, ROOT, SPEC, bundleAt(1))).toBeUndefined();
  writeLedger(repo, 5);
  repo.write(`${ROOT}/consensus/${SPEC}/spec-plan_${bundleAt(9)}_manifest.json`, '{}');
  expect(findBundle(workspace, ROOT, SPEC, bundleAt(9))).toBeUndefined();
});

test('a manifest that is not the recorded one is not given, however valid it is', ({ repo, workspace }) => {
  const { manifest, resource } = publishBundle(workspace, ROOT, guardrailBundle(workspace));
  const bundle = resource.split('/').at(-1) ?? '';
  const found = () => findBundle(workspace, ROOT, SPEC, bundle);
  expect(found()?.manifest?.predicate).toMatchObject({ kind: 'guardrail', outcome: 'passed' });
  repo.write(manifest.path, repo.read(manifest.path).replace('"outcome":"passed"', '"outcome":"failed"'));
  expect(found()).toMatchObject({ seq: 1, manifest: undefined });
});
