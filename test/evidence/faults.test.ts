import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { SpecError } from '../../src/errors.js';
import type { Published } from '../../src/evidence/bundle.js';
import { publishBundle } from '../../src/evidence/publish.js';
import { verifyEvidence } from '../../src/evidence/verify.js';
import { type Fault, withFault } from '../support/faults.js';
import { test } from '../support/workspace.js';
import { bundleOf, quiet, ROOT, SPEC } from './fixtures.js';

const FAULTS: readonly Fault[] = ['EIO', 'ENOSPC', 'EMFILE', 'short'];

test.for(FAULTS)(
  '%s at any one call of a write: acknowledged and verifiable, or refused with nothing broken and nothing left',
  async (fault, { repo, workspace }) => {
    const acknowledged: Published[] = [
      publishBundle(workspace, ROOT, bundleOf(workspace, { 'note.txt': 'first' })),
    ];
    const calls: string[] = [];
    for (let n = 1; ; n++) {
      const bundle = bundleOf(workspace, { 'note.txt': `note ${n}`, 'more.txt': 'x'.repeat(100_000) });
      const { hit, call, error } = await withFault(repo.root, fault, n, () => {
        acknowledged.push(publishBundle(workspace, ROOT, bundle));
      });
      if (error !== undefined) {
        expect(error, `${call} ${n}`).toBeInstanceOf(SpecError);
        expect(String(error)).not.toContain(repo.root);
      }
      if (!hit) break;
      calls.push(call);
      const staged = readdirSync(path.join(repo.root, ROOT, '.staging')).filter(
        name => name !== '.gitignore',
      );
      // What went wrong after the record was published was the removal of a draft, which may stay: the next day's writer sweeps it away.
      const unremoved = error === undefined ? 1 : 0;
      expect(staged.length, `${call} ${n}: ${staged}`).toBeLessThanOrEqual(unremoved);
      for (const name of staged) rmSync(path.join(repo.root, ROOT, '.staging', name));
    }
    expect(calls.length).toBeGreaterThan(1);
    expect(calls.length).toBeLessThan(300);
    const report = await verifyEvidence(workspace, ROOT, { specId: SPEC }, quiet);
    expect(report.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    for (const { record } of acknowledged) expect(report.counts.records).toBeGreaterThanOrEqual(record.seq);
    const sessions = readdirSync(path.join(repo.root, ROOT, 'commands', SPEC)).join(' ');
    for (const { bundle } of acknowledged) expect(sessions).toContain(bundle);
  },
);
