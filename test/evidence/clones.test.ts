import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { publishBundle } from '../../src/evidence/publish.js';
import { verifyEvidence } from '../../src/evidence/verify.js';
import { openTest, type Repository } from '../support/repository.js';
import { test } from '../support/workspace.js';
import { guardrailBundle, quiet, ROOT, SPEC } from './fixtures.js';
import { fiveBundles } from './recorded.js';

/** A committed repository with evidence of every kind whose commit is a real one, and settings with line ends to convert. */
function recordAll(repo: Repository): void {
  repo.write('spec-kit.toml', '# settings\n');
  repo.commit();
  const workspace = openTest(repo.root);
  for (const bundle of fiveBundles(workspace)) publishBundle(workspace, ROOT, bundle);
  const source = { commit: repo.git('rev-parse', 'HEAD').trim(), tree: null, branch: null, dirty: false };
  const bundle = guardrailBundle(workspace, 'passed', 'passed', { git: source });
  publishBundle(workspace, ROOT, { ...bundle, source });
  repo.commit('evidence');
  repo.write('later.txt', '1');
  repo.commit('later');
}

function folder(): string {
  const made = realpathSync(mkdtempSync(path.join(tmpdir(), 'spec-kit-clone-')));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return path.join(made, 'clone');
}

const git = (...args: string[]) => execFileSync('git', args, { stdio: ['ignore', 'pipe', 'ignore'] });

const copies: Readonly<Record<string, (from: string, to: string) => void>> = {
  'a clone that converts line ends': (from, to) =>
    void git('-c', 'core.autocrlf=true', 'clone', '-q', '--config', 'core.autocrlf=true', from, to),
  'a shallow clone': (from, to) => void git('clone', '-q', '--depth', '1', `file://${from}`, to),
  'a download without history, made a repository of its own': (from, to) => {
    mkdirSync(to);
    const archive = git('-C', from, 'archive', '--format=tar', 'HEAD');
    execFileSync('tar', ['-x', '-C', to], { input: archive });
    git('init', '-q', to);
  },
};

test.for(Object.entries(copies))('%s verifies', async ([, copy], { repo }) => {
  recordAll(repo);
  const to = folder();
  copy(repo.root, to);
  const report = await verifyEvidence(openTest(to), ROOT, { specId: SPEC }, quiet);
  expect(report).toMatchObject({ outcome: 'ok', counts: { error: 0, records: 6 } });
});

test('without the attributes, a clone that converts line ends is caught', async ({ repo }) => {
  recordAll(repo);
  rmSync(path.join(repo.root, ROOT, '.gitattributes'));
  repo.commit('no attributes');
  const to = folder();
  copies['a clone that converts line ends']?.(repo.root, to);
  const report = await verifyEvidence(openTest(to), ROOT, { specId: SPEC }, quiet);
  expect(report.outcome).toBe('tampered');
  expect(report.counts.warning).toBeGreaterThan(0);
});
