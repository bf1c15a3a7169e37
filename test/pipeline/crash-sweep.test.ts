import { fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { STAGES } from '../../schemas/ids.js';
import { VerifyEvidenceInput } from '../../schemas/inputs/evidence.js';
import { newestSeq } from '../../src/evidence/ledger.js';
import { verifyEvidence } from '../../src/evidence/verify.js';
import { readRun, runIds } from '../../src/pipeline/run-store.js';
import { evidenceRootOf } from '../../src/settings/evidence-root.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { attemptsOf, auto, implement, openTrusted, writePipeline } from '../support/auto.js';
import { SPEC_ID } from '../support/packet.js';
import { makeRepository, type Repository } from '../support/repository.js';

/** SPEC_KIT_SWEEP=24 kills at 24 points of the run. */
const POINTS = Number(process.env['SPEC_KIT_SWEEP'] ?? 4);
const script = path.join(import.meta.dirname, '../../dist/test/support/auto-victim.js');

/** How many writes it made; undefined when it was killed. */
function victim(root: string, death: number, resume = ''): Promise<number | undefined> {
  const child = fork(script, [root, String(death), resume], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    let writes: number | undefined;
    child.on('message', (message: number) => {
      writes = message;
    });
    child.on('exit', (code, signal) =>
      code === 0 || signal === 'SIGKILL' ? resolve(writes) : reject(new Error(`ended with ${code}`)),
    );
  });
}

async function newestRun(workspace: Workspace): Promise<string | undefined> {
  return runIds(workspace, await evidenceRootOf(workspace))[0];
}

/** Goes on until the end, as a person with the hints of each answer would. */
async function goOn(repo: Repository, workspace: Workspace, implemented: boolean): Promise<string> {
  const runId = await newestRun(workspace);
  const told = runId === undefined ? null : readRun(workspace, await evidenceRootOf(workspace), runId).result;
  if (!implemented && told?.['needs'] === 'implementation') implement(repo);
  const report = await auto(workspace, runId === undefined ? {} : { resume: runId });
  if (report.outcome === 'passed') return report.runId;
  expect(report).toMatchObject({ needs: 'implementation', halt: null });
  if (!implemented) implement(repo);
  expect(await auto(workspace, { resume: report.runId })).toMatchObject({ outcome: 'passed' });
  return report.runId;
}

/** Sound evidence, each stage passed once, and no evidence that the run does not know of. */
async function judge(workspace: Workspace, runId: string): Promise<void> {
  const root = await evidenceRootOf(workspace);
  const report = await verifyEvidence(workspace, root, VerifyEvidenceInput.parse({ specId: SPEC_ID }), {
    signal: new AbortController().signal,
    progress: async () => {},
  });
  expect(report).toMatchObject({ outcome: 'ok', counts: { error: 0 } });
  const attempts = await attemptsOf(workspace, runId);
  const passed = attempts.filter(({ kind, outcome }) => kind === 'stage' && outcome === 'passed');
  expect(passed.map(({ stage }) => stage)).toEqual([...STAGES]);
  expect(attempts.every(({ endedAt }) => endedAt !== null)).toBe(true);
  const recorded = attempts.flatMap(({ bundle }) => bundle ?? []);
  expect(new Set(recorded).size).toBe(recorded.length);
  expect(newestSeq(workspace.files, root, SPEC_ID)).toBe(recorded.length);
}

async function survive(first: boolean, death: number): Promise<'killed' | 'lived'> {
  const repo = makeRepository();
  try {
    writePipeline(repo);
    const workspace = openTrusted(repo);
    let resume: string | undefined;
    if (!first) {
      resume = (await auto(workspace)).runId;
      implement(repo);
    }
    const writes = await victim(repo.root, death, resume);
    await judge(workspace, await goOn(repo, workspace, !first));
    return writes === undefined ? 'killed' : 'lived';
  } finally {
    rmSync(repo.root, { recursive: true, force: true });
  }
}

test('killed at any write of a six-stage run, it resumes to sound evidence, and no completed stage runs again', {
  timeout: 60_000 + POINTS * 20_000,
}, async () => {
  const repo = makeRepository();
  writePipeline(repo);
  const before = (await victim(repo.root, 0)) ?? 0;
  implement(repo);
  const after = (await victim(repo.root, 0, await newestRun(openTrusted(repo)))) ?? 0;
  rmSync(repo.root, { recursive: true, force: true });
  expect(Math.min(before, after)).toBeGreaterThan(20);
  const step = (before + after) / POINTS;
  const points = Array.from({ length: POINTS }, (_, index) => 1 + Math.floor(index * step + step / 2));
  const fates = [];
  for (const point of points)
    fates.push(await survive(point <= before, point <= before ? point : point - before));
  expect(fates).toEqual(points.map(() => 'killed'));
});
