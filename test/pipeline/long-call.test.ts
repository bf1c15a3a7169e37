import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { resources } from '../../resources/index.js';
import { GuardrailReport } from '../../schemas/guardrail.js';
import { RunningReport } from '../../schemas/run.js';
import { cancelRun, createRun, listRuns, readRun } from '../../src/pipeline/run-store.js';
import { createHost } from '../../src/server/host.js';
import { evidenceRootOf } from '../../src/settings/evidence-root.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { tools } from '../../tools/index.js';
import { connectStreams, type Peer } from '../support/clients.js';
import { SPEC_ID, writePacket } from '../support/packet.js';
import { node, settings } from '../support/plan.js';
import { eventually, stateOf } from '../support/processes.js';
import { openTest, type Repository } from '../support/repository.js';
import { test as base } from '../support/workspace.js';

const ARGS = { specId: SPEC_ID, stage: 'plan' };

/** Time runs 20 times as fast for whatever waits, so that a test lasts less than what it tells about. */
function hurried(workspace: Workspace): Workspace {
  return { ...workspace, wait: (ms, signal) => workspace.wait(ms / 20, signal) };
}

const test = base.extend<{
  slow: (ms: number) => void;
  connect: (repo: Repository) => Promise<Peer>;
}>({
  slow: async ({ repo }, use) => {
    await use(ms =>
      writePacket(
        repo,
        settings(
          node(`require('fs').writeFileSync('.git/pid', String(process.pid)); setTimeout(() => {}, ${ms})`),
        ),
      ),
    );
  },
  connect: async ({}, use) => {
    const peers: Peer[] = [];
    await use(async repo => {
      const trust = createHash('sha256').update(repo.read('spec-kit.toml')).digest('hex');
      const workspace = hurried({ ...openTest(repo.root, { trust }), now: () => new Date() });
      const peer = await connectStreams(
        createHost({ tools, resources, workspaces: [workspace], log: () => {} }, 20),
        'modern',
      );
      peers.push(peer);
      return peer;
    });
    for (const peer of peers) await peer.close();
  },
});

test('a call that outlives waitSeconds answers running, goes on, and its result is picked up', async ({
  repo,
  slow,
  connect,
}) => {
  slow(700);
  const client = await connect(repo);
  const first = await client.call('run_guardrail', { ...ARGS, waitSeconds: 1 });
  const running = RunningReport.parse(first.structured);
  expect(running).toMatchObject({ status: 'running', specId: SPEC_ID, stage: 'plan' });
  expect(running.next).toEqual({ tool: 'spec_status', arguments: { runId: running.runId, waitSeconds: 45 } });
  expect(first.content[1]).toMatchObject({ type: 'resource_link', uri: running.resource });
  const heard = await client.follow([running.resource]);
  const { structured } = await client.call('spec_status', { runId: running.runId, waitSeconds: 45 });
  expect(structured).toMatchObject({ status: 'done', runId: running.runId });
  const report = GuardrailReport.parse(Object(structured).result);
  expect(report.outcome).toBe('passed');
  expect(await eventually(() => heard.includes(running.resource))).toBe(true);
  expect(JSON.parse(await client.read(running.resource))).toMatchObject({
    status: 'done',
    result: { outcome: 'passed' },
  });
  expect(JSON.parse(await client.read(report.resource))).toMatchObject({ predicate: { outcome: 'passed' } });
});

test('a call that is done in time leaves no record of a run', async ({ repo, slow, connect, workspace }) => {
  slow(0);
  const client = await connect(repo);
  expect((await client.call('run_guardrail', ARGS)).structured).toMatchObject({ outcome: 'passed' });
  expect(listRuns(workspace, await evidenceRootOf(workspace), { limit: 9 })).toEqual([]);
});

test('progress goes on while a single command says nothing, and only ever grows', async ({
  repo,
  slow,
  connect,
}) => {
  slow(1500);
  const client = await connect(repo);
  const steps: number[] = [];
  await client.call(
    'run_guardrail',
    { ...ARGS, waitSeconds: 600 },
    { onprogress: ({ progress }) => steps.push(progress) },
  );
  const whole = steps.filter(Number.isInteger);
  expect(steps.length - whole.length).toBeGreaterThanOrEqual(3);
  expect(steps.every((step, index) => index === 0 || step > (steps[index - 1] ?? 0))).toBe(true);
});

test('a run of the spec that is going on refuses another one with its id', async ({
  repo,
  slow,
  connect,
  workspace,
}) => {
  slow(0);
  const root = await evidenceRootOf(workspace);
  const { runId } = createRun(workspace, root, { kind: 'auto', specId: SPEC_ID, stage: null });
  const client = await connect(repo);
  const refused = await client.call('run_guardrail', ARGS);
  expect(refused).toMatchObject({ isError: true, text: expect.stringContaining(runId) });
  expect((await client.call('spec_status', { specId: SPEC_ID })).structured).toMatchObject({
    status: 'running',
    next: { arguments: { runId } },
  });
  cancelRun(workspace, root, runId);
  expect((await client.call('run_guardrail', ARGS)).isError).toBe(false);
});

/** A guardrail that answered running; `pid`: of its command. */
async function goingOn(client: Peer, repo: Repository) {
  const { structured } = await client.call('run_guardrail', { ...ARGS, waitSeconds: 1 });
  const running = RunningReport.parse(structured);
  expect(await eventually(() => existsSync(path.join(repo.root, '.git/pid')))).toBe(true);
  return { ...running, pid: Number(repo.read('.git/pid')) };
}

test('a cancelled run ends the command it started and everything below it', async ({
  repo,
  slow,
  connect,
  workspace,
}) => {
  slow(60_000);
  const client = await connect(repo);
  const { runId, pid } = await goingOn(client, repo);
  const root = await evidenceRootOf(workspace);
  expect(readRun(workspace, root, runId).status).toBe('running');
  expect(stateOf(pid)).toBe('living');
  cancelRun(workspace, root, runId);
  expect(await eventually(() => readRun(workspace, root, runId).result !== null)).toBe(true);
  expect(readRun(workspace, root, runId)).toMatchObject({
    status: 'cancelled',
    result: { outcome: 'incomplete' },
  });
  expect(stateOf(pid)).toBe('gone');
});

test('a run that answered running can be cancelled by its caller, and what it started ends', async ({
  repo,
  slow,
  connect,
  workspace,
}) => {
  slow(60_000);
  const client = await connect(repo);
  const { runId, summary, pid } = await goingOn(client, repo);
  expect(summary).toContain(`spec_auto {"specId":"${SPEC_ID}","cancel":"${runId}"} ends it`);
  const cancelled = await client.call('spec_auto', { specId: SPEC_ID, cancel: runId });
  expect(cancelled.structured).toMatchObject({ status: 'cancelled', outcome: 'incomplete', runId });
  const root = await evidenceRootOf(workspace);
  expect(await eventually(() => readRun(workspace, root, runId).result !== null)).toBe(true);
  expect(stateOf(pid)).toBe('gone');
  expect((await client.call('spec_status', { runId })).structured).toMatchObject({
    status: 'cancelled',
    result: { outcome: 'incomplete' },
  });
});

test('cancel ends nothing else: no ended run, none of another spec, and begins none', async ({
  repo,
  slow,
  connect,
  workspace,
}) => {
  slow(0);
  const root = await evidenceRootOf(workspace);
  const other = createRun(workspace, root, { kind: 'auto', specId: 'SPEC-KIT-OTHER', stage: null });
  const ended = createRun(workspace, root, { kind: 'auto', specId: SPEC_ID, stage: null });
  cancelRun(workspace, root, ended.runId);
  const client = await connect(repo);
  for (const [input, words] of [
    [{ cancel: other.runId }, /is of SPEC-KIT-OTHER/],
    [{ cancel: ended.runId }, /has ended \(cancelled\)/],
    [{ cancel: ended.runId, from: 'plan' }, /leave out from/],
  ] as const)
    expect(await client.call('spec_auto', { specId: SPEC_ID, ...input })).toMatchObject({
      isError: true,
      text: expect.stringMatching(words),
    });
  expect(readRun(workspace, root, other.runId).status).toBe('running');
});

test('cancelling the call itself ends the work while nobody was told of a run', async ({
  repo,
  slow,
  connect,
  workspace,
}) => {
  slow(60_000);
  const client = await connect(repo);
  const stop = new AbortController();
  const call = client.call('run_guardrail', { ...ARGS, waitSeconds: 600 }, { signal: stop.signal });
  const root = await evidenceRootOf(workspace);
  setTimeout(() => stop.abort(), 300);
  await expect(call).rejects.toThrow();
  const commands = `${root}/commands/${SPEC_ID}`;
  expect(await eventually(() => workspace.files.list(commands).length > 0)).toBe(true);
  expect(listRuns(workspace, root, { limit: 9 })).toEqual([]);
});

test('an unknown run, and one whose record was spoilt, are clear errors', async ({
  repo,
  slow,
  connect,
  workspace,
}) => {
  slow(0);
  const client = await connect(repo);
  const unknown = await client.call('spec_status', { runId: '20261122T100000Z-00000000' });
  expect(unknown).toMatchObject({ isError: true, text: expect.stringMatching(/There is no run/) });
  const root = await evidenceRootOf(workspace);
  const { runId } = createRun(workspace, root, { kind: 'auto', specId: SPEC_ID, stage: null });
  repo.write(`${root}/runs/${runId}.json`, '{"v":1');
  const spoilt = await client.call('spec_status', { runId, waitSeconds: 45 });
  expect(spoilt).toMatchObject({
    isError: true,
    text: expect.stringContaining(`${root}/runs/${runId}.json`),
  });
});
