import { type ChildProcess, fork, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { ownOutputs } from '../../src/evidence/own-outputs.js';
import {
  createRun,
  listRuns,
  readRun,
  settleRuns,
  takeRun,
  updateRun,
} from '../../src/pipeline/run-store.js';
import { eventually } from '../support/processes.js';
import { openTest } from '../support/repository.js';
import { test } from '../support/workspace.js';

const ROOT = 'evidence';
const SPEC = 'SPEC-KIT-DEMO';
const NEW = { kind: 'stage', specId: SPEC, stage: 'plan' } as const;
const script = path.join(import.meta.dirname, '../../dist/test/support/run-starter.js');

interface Answer {
  readonly runId?: string;
  readonly error?: string;
}

function start(root: string, mode: string): { child: ChildProcess; answer: Promise<Answer> } {
  const child = fork(script, [root, SPEC, mode], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return {
    child,
    answer: new Promise(resolve => child.once('message', (answer: Answer) => resolve(answer))),
  };
}

const kill = (child: ChildProcess) =>
  new Promise(resolve => {
    child.once('exit', resolve);
    child.kill('SIGKILL');
  });

test('a run is on disk as soon as it begins, and keeps its result', ({ repo, workspace }) => {
  const { runId } = createRun(workspace, ROOT, { ...NEW, state: { round: 1 } });
  expect(JSON.parse(repo.read(`${ROOT}/runs/${runId}.json`))).toMatchObject({
    status: 'running',
    state: { round: 1 },
  });
  updateRun(workspace, ROOT, runId, () => ({ status: 'done', owner: null, result: { outcome: 'passed' } }));
  expect(readRun(workspace, ROOT, runId)).toMatchObject({ status: 'done', result: { outcome: 'passed' } });
});

test('a second run of a spec is refused with the id of the first; another spec, or a part of the run, is not', ({
  workspace,
}) => {
  const { runId } = createRun(workspace, ROOT, NEW);
  expect(() => createRun(workspace, ROOT, NEW)).toThrow(runId);
  expect(listRuns(workspace, ROOT, { limit: 9 })).toHaveLength(1);
  createRun(workspace, ROOT, { ...NEW, specId: 'SPEC-KIT-002' });
  createRun(workspace, ROOT, { ...NEW, parent: runId });
  updateRun(workspace, ROOT, runId, () => ({ status: 'cancelled', owner: null }));
  expect(createRun(workspace, ROOT, NEW).status).toBe('running');
});

test('of six processes that begin a run of one spec at once, exactly one does; the others name it', async ({
  repo,
}) => {
  const starters = Array.from({ length: 6 }, () => start(repo.root, 'hang'));
  const answers = await Promise.all(starters.map(({ answer }) => answer));
  await Promise.all(starters.map(({ child }) => kill(child)));
  const winners = answers.flatMap(({ runId }) => runId ?? []);
  expect(winners).toHaveLength(1);
  for (const { error } of answers.filter(({ runId }) => runId === undefined))
    expect(error).toContain(winners[0]);
});

test('a run whose process was killed reads as interrupted, blocks nobody, and can be taken over once', async ({
  repo,
  workspace,
}) => {
  const { child, answer } = start(repo.root, 'hang');
  const { runId = '' } = await answer;
  expect(readRun(workspace, ROOT, runId).status).toBe('running');
  expect(() => takeRun(workspace, ROOT, runId)).toThrow(/has a run already/);
  await kill(child);
  expect(readRun(workspace, ROOT, runId)).toMatchObject({ status: 'interrupted', owner: null });
  expect(repo.read(`${ROOT}/runs/${runId}.json`)).toContain('"running"');
  expect(settleRuns(workspace, ROOT)).toHaveLength(1);
  expect(repo.read(`${ROOT}/runs/${runId}.json`)).toContain('"interrupted"');
  expect(takeRun(workspace, ROOT, runId).status).toBe('running');
  expect(() => takeRun(workspace, ROOT, runId)).toThrow(/has a run already/);
  updateRun(workspace, ROOT, runId, () => ({ status: 'done', owner: null }));
  expect(() => takeRun(workspace, ROOT, runId)).toThrow(/has ended/);
});

test('a process that ended but was never taken note of is gone', {
  skip: process.platform !== 'linux',
}, async ({ workspace }) => {
  // The shell's child ends at once, and the sleep that the shell becomes never asks for it.
  const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 30'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const pid = Number(await new Promise(resolve => parent.stdout.once('data', resolve)));
  const stat = () => readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
  expect(await eventually(() => stat()[0] === 'Z')).toBe(true);
  const { host } = workspace.processes.own();
  expect(workspace.processes.stateOf({ host, pid, pidStart: Number(stat()[19]) })).toBe('gone');
  parent.kill('SIGKILL');
});

test('a run that awaits an answer survives its process and still is the one of its spec', async ({
  repo,
  workspace,
}) => {
  const { child, answer } = start(repo.root, 'await');
  const { runId = '' } = await answer;
  await kill(child);
  expect(settleRuns(workspace, ROOT)).toEqual([]);
  expect(readRun(workspace, ROOT, runId).status).toBe('awaiting_output');
  expect(() => createRun(workspace, ROOT, NEW)).toThrow(runId);
  expect(takeRun(workspace, ROOT, runId).status).toBe('running');
});

test('a process on another host is taken for gone only after it was silent for long', ({
  repo,
  workspace,
}) => {
  const { runId } = createRun(workspace, ROOT, NEW);
  updateRun(workspace, ROOT, runId, () => ({ owner: { host: 'elsewhere.example', pid: 1, pidStart: 1 } }));
  const later = (minutes: number) =>
    openTest(repo.root, {}, new Date(Date.parse('2026-11-22T10:00:00Z') + minutes * 60_000));
  expect(readRun(later(10), ROOT, runId).status).toBe('running');
  expect(readRun(later(-600), ROOT, runId).status).toBe('running');
  expect(readRun(later(20), ROOT, runId).status).toBe('interrupted');
});

test('a record that somebody spoilt is a clear error that names the file, and hides no other run', ({
  repo,
  workspace,
}) => {
  const first = createRun(workspace, ROOT, { ...NEW, specId: 'SPEC-KIT-002' });
  const { runId } = createRun(workspace, ROOT, NEW);
  for (const text of ['', '{', '[]', '{"v":1}', JSON.stringify({ ...first })]) {
    repo.write(`${ROOT}/runs/${runId}.json`, text);
    expect(() => readRun(workspace, ROOT, runId)).toThrow(`${ROOT}/runs/${runId}.json`);
    expect(() => createRun(workspace, ROOT, NEW)).toThrow(`${ROOT}/runs/${runId}.json`);
  }
  expect(
    listRuns(workspace, ROOT, { limit: 9 })
      .map(run => ('code' in run ? run.code : run.specId))
      .sort(),
  ).toEqual(['FILE_UNAVAILABLE', 'SPEC-KIT-002']);
  expect(() => readRun(workspace, ROOT, '../../SPEC')).toThrow(/There is no run/);
});

test('only a file that really is the record of its run is an output of ours', ({ repo, workspace }) => {
  const { runId } = createRun(workspace, ROOT, NEW);
  const real = `${ROOT}/runs/${runId}.json`;
  const copy = `${ROOT}/runs/20261122T100000Z-00000000.json`;
  const foreign = `${ROOT}/runs/notes.json`;
  repo.write(copy, repo.read(real));
  repo.write(foreign, '{}');
  expect([...ownOutputs(workspace, ROOT, [real, copy, foreign])]).toEqual([real]);
});

test('what git sees of the staging folder while it is made is no change of the work tree', ({
  workspace,
}) => {
  const drafts = [`${ROOT}/.staging/0a1b2c3d.new`, `${ROOT}/.staging/`];
  const beside = [`${ROOT}/.staging.txt`, `${ROOT}/x/.staging/y`, 'docs/.staging/z'];
  expect([...ownOutputs(workspace, ROOT, [...drafts, ...beside])]).toEqual(drafts);
});

test('a secret of the operator is never written into a record', ({ repo }) => {
  const workspace = openTest(repo.root, { secrets: ['hunter2-hunter2'] });
  const { runId } = createRun(workspace, ROOT, { ...NEW, state: { goal: 'use hunter2-hunter2 here' } });
  expect(repo.read(`${ROOT}/runs/${runId}.json`)).toContain('use [redacted] here');
});
