import { rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { evidenceBundle } from '../../resources/evidence-bundle.js';
import { evidenceFile } from '../../resources/evidence-file.js';
import type { Verdict } from '../../schemas/ids.js';
import { footprintOf } from '../../src/evidence/footprint.js';
import { indexPage } from '../../src/evidence/index-page.js';
import { ownOutputs } from '../../src/evidence/own-outputs.js';
import { publishBundle } from '../../src/evidence/publish.js';
import { stagesOf } from '../../src/evidence/stages.js';
import { verifyEvidence } from '../../src/evidence/verify.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { test } from '../support/workspace.js';
import { bundleOf, consensusBundle, DEFAULT_ROOT, guardrailBundle, quiet, ROOT, SPEC } from './fixtures.js';
import { codesOf } from './recorded.js';

const verify = (workspace: Workspace) => verifyEvidence(workspace, ROOT, { specId: SPEC }, quiet);

describe('a consensus bundle', () => {
  test('lies in a folder of its own, carries its verdict, and verifies', async ({ repo, workspace }) => {
    publishBundle(workspace, ROOT, guardrailBundle(workspace));
    const { bundle, manifest, files } = publishBundle(
      workspace,
      ROOT,
      consensusBundle(workspace, 'conflict'),
    );
    expect(manifest.path).toBe(`${ROOT}/consensus/${SPEC}/spec-plan_${bundle}_manifest.json`);
    expect(new Set(files.map(file => path.posix.dirname(file.path)))).toEqual(
      new Set([`${ROOT}/consensus/${SPEC}`]),
    );
    expect(JSON.parse(repo.read(manifest.path))).toMatchObject({
      predicate: { kind: 'consensus', outcome: null, verdict: 'conflict' },
    });
    expect(await verify(workspace)).toMatchObject({ outcome: 'ok', counts: { records: 2, files: 9 } });
    expect(indexPage(workspace, ROOT, SPEC, undefined)?.entries[0]).toMatchObject({
      kind: 'consensus',
      outcome: null,
      verdict: 'conflict',
      stage: 'plan',
    });
    expect(footprintOf(workspace, ROOT, SPEC).bundles).toBe(2);
  });

  test('that agrees with itself, and not with the answers it holds, is a false claim', async ({
    workspace,
  }) => {
    publishBundle(workspace, ROOT, { ...consensusBundle(workspace, 'conflict', 'ok'), verdict: 'ok' });
    const { outcome, findings } = await verify(workspace);
    expect(outcome).toBe('tampered');
    const denied = findings.filter(({ code }) => code === 'false-claim').map(({ message }) => message);
    expect(denied.join('\n')).toMatch(/its own files make it conflict/);
  });

  test('never stands for the guardrail of its stage', ({ workspace }) => {
    publishBundle(workspace, ROOT, consensusBundle(workspace, 'ok'));
    expect(stagesOf(workspace, ROOT, SPEC)).toEqual([]);
    const { bundle } = publishBundle(workspace, ROOT, guardrailBundle(workspace, 'failed', 'failed'));
    publishBundle(workspace, ROOT, consensusBundle(workspace, 'ok'));
    expect(stagesOf(workspace, ROOT, SPEC)).toMatchObject([{ stage: 'plan', outcome: 'failed', bundle }]);
  });

  test('does not stand for a guardrail where one belongs either', async ({ workspace }) => {
    const { stage, ...consensus } = consensusBundle(workspace, 'ok');
    const files = guardrailBundle(workspace).files;
    publishBundle(workspace, ROOT, { ...consensus, stage, kind: 'guardrail', files: [...files] });
    expect(stagesOf(workspace, ROOT, SPEC)).toMatchObject([{ stage: 'plan', outcome: 'incomplete' }]);
    expect((await verify(workspace)).outcome).toBe('tampered');
  });

  test('is read back and completed as a resource', async ({ workspace }) => {
    const { bundle } = publishBundle(workspace, DEFAULT_ROOT, consensusBundle(workspace, 'ok'));
    const params = { specId: SPEC, bundleId: bundle };
    const file = `spec-plan_${bundle}_synthesis.json`;
    expect(await evidenceBundle.read(params, workspace)).toContain('"kind":"consensus"');
    expect(await evidenceFile.read({ ...params, file }, workspace)).toContain('"status": "ok"');
    expect(await evidenceFile.complete('file', file.slice(0, -8), params, workspace)).toEqual([file]);
  });

  test('counts as an output of ours, so that it makes no tree dirty', ({ workspace }) => {
    const { files, manifest, record } = publishBundle(workspace, ROOT, consensusBundle(workspace, 'ok'));
    const paths = [...files.map(file => file.path), manifest.path, record.path];
    expect([...ownOutputs(workspace, ROOT, paths)].sort()).toEqual([...paths].sort());
    const stray = `${ROOT}/consensus/${SPEC}/stray.json`;
    expect(ownOutputs(workspace, ROOT, [stray]).size).toBe(0);
  });

  test.for<[Verdict, string]>([
    ['ok', 'conflict'],
    ['degraded', 'ok'],
    ['ok', 'nonsense'],
  ])(
    'whose manifest says %s over a synthesis that says %s is a false claim',
    async ([claimed, said], { workspace }) => {
      publishBundle(workspace, ROOT, consensusBundle(workspace, claimed, said));
      const { outcome, findings } = await verify(workspace);
      expect(outcome).toBe('tampered');
      expect(findings[0]?.file).toMatch(/_synthesis\.json$/);
    },
  );

  test('has a verdict and a synthesis, and nothing else has a verdict', async ({ workspace }) => {
    const { verdict: _, files, ...without } = consensusBundle(workspace, 'ok');
    publishBundle(workspace, ROOT, {
      ...without,
      files: files.map(file => ({ ...file, name: `x_${file.name}` })),
    });
    publishBundle(workspace, ROOT, { ...bundleOf(workspace, { 'note.txt': 'x' }), verdict: 'ok' });
    expect(codesOf((await verify(workspace)).findings)).toEqual([
      'false-claim',
      'false-claim',
      'false-claim',
    ]);
  });

  test('misses no file that is gone, changed, or there without a record', async ({ repo, workspace }) => {
    const { files } = publishBundle(workspace, ROOT, consensusBundle(workspace, 'ok'));
    const file = files.find(({ path: name }) => name.includes('_synthesis'))?.path ?? '';
    const text = repo.read(file);
    const folder = `${ROOT}/consensus/${SPEC}`;
    repo.write(file, text.replace('ok', 'OK'));
    expect((await verify(workspace)).findings[0]).toMatchObject({ code: 'file-changed', file, record: 1 });
    rmSync(path.join(repo.root, file));
    expect((await verify(workspace)).findings[0]).toMatchObject({ code: 'file-missing', file });
    repo.write(file, text);
    repo.write(file.replace('_synthesis', '_extra'), '{}');
    repo.write(`${folder}/spec-plan_20261122T110000Z-00c0ffee_gemini.json`, '{}');
    repo.write(`${folder}/stray.json`, '{}');
    const { findings, counts } = await verify(workspace);
    expect(codesOf(findings)).toEqual(['extra-file', 'orphan-file', 'unknown-shape']);
    expect(counts.unverifiable).toBe(1);
  });
});

test('evidence that was written before verdicts still verifies', async ({ repo, workspace }) => {
  const { manifest, record } = publishBundle(workspace, ROOT, guardrailBundle(workspace));
  const old = repo.read(manifest.path).replace(',"verdict":null', '');
  const { sha256Of } = await import('../../src/evidence/digest.js');
  repo.write(manifest.path, old);
  repo.write(record.path, repo.read(record.path).replace(manifest.sha256, sha256Of(Buffer.from(old))));
  expect(old).not.toContain('verdict');
  expect(await verify(workspace)).toMatchObject({ outcome: 'ok', findings: [] });
});
