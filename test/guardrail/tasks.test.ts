import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import type { Workspace } from '../../src/workspace/workspace.js';
import { planDocument, SPEC_MD, writeFullPacket } from '../support/packet.js';
import { node, settings } from '../support/plan.js';
import { checkOf, runStage, type StageRun } from '../support/stage.js';
import { test } from '../support/workspace.js';

const NODE = `programs:${process.execPath.slice(0, 100)}`;

test('a packet whose criteria are mapped, with its programs in place, passes', async ({ repo }) => {
  writeFullPacket(repo, settings(node('0'), '[commands.test]\nargv = ["git", "status"]\n'));
  const run = await runStage(repo, 'tasks');
  expect(run.report.outcome).toBe('passed');
  expect(run.telemetry).toMatchObject({ command: 'spec-ops-tasks', tool: { status: 'ok' } });
  expect(checkOf(run, NODE).message).toContain(`answers "${process.version}"`);
  expect(checkOf(run, 'programs:git').message).toMatch(/\/git \(for test\) answers "git version/);
  for (const { path: file } of run.telemetry.artifacts) expect(repo.read(file)).not.toBe('');
});

test('with nothing configured no program is claimed to be there', async ({ repo }) => {
  writeFullPacket(repo);
  const run = await runStage(repo, 'tasks');
  expect(run.report.outcome).toBe('passed');
  expect(run.telemetry).toMatchObject({ tool: { status: 'skipped' } });
});

test('a program that is missing fails, and names the command that needs it', async ({ repo }) => {
  writeFullPacket(repo, settings('argv = ["no-such-program-4711"]'));
  const run = await runStage(repo, 'tasks');
  expect(run.report.outcome).toBe('failed');
  expect(run.telemetry).toMatchObject({ tool: { status: 'failed' } });
  expect(checkOf(run, 'programs:no-such-program-4711').message).toMatch(/build.*no such program/);
});

test('the program of an agent that runs as one is looked for', async ({ repo }) => {
  writeFullPacket(repo, '[agents.gpt_codex]\nmode = "cli"\ncli = "codex"\n');
  const run = await runStage(repo, 'tasks');
  expect(checkOf(run, 'programs:codex').message).toContain('agent gpt_codex');
});

/** A program outside the workspace: files of the workspace are not started to ask for their version. */
const withTool = test.extend<{ tool: (script: string) => string }>({
  tool: async ({}, use) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'spec-kit-tool-'));
    const file = path.join(folder, 'tool');
    await use(script => {
      writeFileSync(file, `#!${process.execPath}\n${script}\n`, { mode: 0o755 });
      return `argv = [${JSON.stringify(file)}, "all"]`;
    });
    rmSync(folder, { recursive: true });
  },
});

const toolCheck = ({ telemetry }: StageRun) =>
  telemetry.checks.find(({ name }) => name.startsWith('programs:'));

withTool.for([
  ['does not know --version', 'process.exit(2)', 'passed', 'ok', /does not tell its version.*code 2/],
  ['prints nothing', '', 'passed', 'ok', /does not tell its version/],
  ['cannot load what it needs', 'process.exit(127)', 'failed', 'failed', /could not start/],
  ['crashes', 'process.kill(process.pid, "SIGSEGV")', 'failed', 'failed', /SIGSEGV/],
  ['hangs', 'setTimeout(() => {}, 60000)', 'not_run', 'skipped', /ran longer/],
] as const)('a program that $0 is $2', async ([, script, status, tool, says], { repo, tool: make }) => {
  writeFullPacket(repo, settings(make(script)));
  const hurried = (workspace: Workspace): Workspace => ({
    ...workspace,
    runCommand: run => workspace.runCommand({ ...run, timeoutMs: Math.min(run.timeoutMs, 1000) }),
  });
  const run = await runStage(repo, 'tasks', { world: hurried });
  expect(toolCheck(run)).toMatchObject({ status, message: expect.stringMatching(says) });
  expect(run.telemetry).toMatchObject({ tool: { status: tool } });
  expect(run.report.outcome).toBe(status === 'not_run' ? 'incomplete' : status);
});

test('a program of the workspace itself is not started to be asked for its version', async ({ repo }) => {
  repo.write('check', `#!${process.execPath}\nrequire("fs").writeFileSync("ran", "")\n`);
  chmodSync(path.join(repo.root, 'check'), 0o755);
  writeFullPacket(repo, settings('argv = ["./check"]'));
  const run = await runStage(repo, 'tasks');
  expect(toolCheck(run)).toMatchObject({
    status: 'passed',
    message: expect.stringContaining('its version was not asked for'),
  });
  expect(existsSync(path.join(repo.root, 'ran'))).toBe(false);
});

withTool('a program is given ten seconds to answer', async ({ repo, tool: make }) => {
  writeFullPacket(repo, settings(make('')));
  const timeouts: number[] = [];
  const watched = (workspace: Workspace): Workspace => ({
    ...workspace,
    runCommand: run => {
      timeouts.push(run.timeoutMs);
      return workspace.runCommand(run);
    },
  });
  await runStage(repo, 'tasks', { world: watched });
  expect(timeouts).toEqual([10_000]);
});

withTool('programs of a workspace that nobody trusted are not started', async ({ repo, tool: make }) => {
  const mark = path.join(repo.root, 'ran');
  writeFullPacket(repo, settings(make(`require("fs").writeFileSync(${JSON.stringify(mark)}, "")`)));
  const run = await runStage(repo, 'tasks', { trusted: false });
  expect(toolCheck(run)).toMatchObject({ status: 'not_run', message: expect.stringContaining('trust') });
  expect(run.report.outcome).toBe('incomplete');
  expect(run.telemetry).toMatchObject({ tool: { status: 'skipped' } });
  expect(existsSync(mark)).toBe(false);
});

test('a script of the workspace is found and never started', async ({ repo }) => {
  repo.write('deploy.sh', '#!/bin/sh\ntouch deployed\n');
  chmodSync(path.join(repo.root, 'deploy.sh'), 0o755);
  writeFullPacket(repo, settings('argv = ["./deploy.sh"]'));
  const run = await runStage(repo, 'tasks');
  expect(run.report.outcome).toBe('passed');
  expect(checkOf(run, 'programs:./deploy.sh').message).toContain('version was not asked for');
  expect(existsSync(path.join(repo.root, 'deployed'))).toBe(false);
});

test('criteria that the plan does not map are named with their lines', async ({ repo }) => {
  writeFullPacket(repo);
  repo.write('docs/SPEC-KIT-DEMO/plan.md', planDocument('R1', 'R9'));
  repo.commit();
  const run = await runStage(repo, 'tasks');
  expect(run.report.outcome).toBe('failed');
  const { message } = checkOf(run, 'acceptance-mapping');
  expect(message).toMatch(/covers R2 \(docs\/SPEC-KIT-DEMO\/spec\.md:\d+\)\. It names R9/);
  expect(message).not.toContain('R1 (');
});

const TWICE = `${SPEC_MD}\n## Acceptance Criteria\n\n- R1: a\n- R2: b\n- R1: c\n`;
const OPEN = `${SPEC_MD}\n## Acceptance Criteria\n\n- R1: a\n- R2: **TODO**: b\n`;
const MANY = `${SPEC_MD}\n## Acceptance Criteria\n\n${Array.from({ length: 1000 }, (_, n) => `- R${n}: x${n}\n`).join('')}`;

test.for([
  ['without criteria nothing was checked', 'spec.md', SPEC_MD, 'acceptance-mapping', 'not_run'],
  [
    'criteria beyond those that are read are not passed over',
    'spec.md',
    MANY,
    'acceptance-mapping',
    'not_run',
  ],
  ['a criterion that is still to be written fails', 'spec.md', OPEN, 'acceptance-mapping', 'failed'],
  ['two criteria under one id are not one', 'spec.md', TWICE, 'acceptance-mapping', 'failed'],
  ['tasks.md without its table fails', 'tasks.md', '# Tasks: demo\n', 'tasks-document', 'failed'],
  ['tasks.md in another encoding fails', 'tasks.md', '# Tasks\xff', 'tasks-document', 'failed'],
] as const)('$0', async ([, file, text, check, status], { repo }) => {
  writeFullPacket(repo);
  repo.write(`docs/SPEC-KIT-DEMO/${file}`, Buffer.from(text, 'latin1'));
  repo.commit();
  const run = await runStage(repo, 'tasks');
  expect(checkOf(run, check).status).toBe(status);
  expect(run.report.outcome).not.toBe('passed');
});

test('a plan that is missing fails; tasks that are missing are what the stage is for', async ({ repo }) => {
  writeFullPacket(repo);
  repo.git('rm', '-q', 'docs/SPEC-KIT-DEMO/plan.md', 'docs/SPEC-KIT-DEMO/tasks.md');
  repo.commit();
  const run = await runStage(repo, 'tasks');
  expect(checkOf(run, 'acceptance-mapping').status).toBe('failed');
  expect(checkOf(run, 'tasks-document')).toMatchObject({ status: 'not_run', required: false });
});

test('an error in a row of this spec fails, and one in a row of another does not', async ({ repo }) => {
  writeFullPacket(repo);
  const tracker = repo.read('SPEC.md');
  const broken = (row: string) =>
    tracker.replace(row, row.replace('|  |  |  |  |', '|  | 2026-13-40 |  |  |'));
  const rows = tracker.split('\n').filter(line => /\| T[12] \|/.test(line));
  repo.write('SPEC.md', broken(rows[1] ?? ''));
  repo.commit();
  expect(repo.read('SPEC.md')).not.toBe(tracker);
  expect(checkOf(await runStage(repo, 'tasks'), 'row-lint').status).toBe('passed');
  repo.write('SPEC.md', broken(rows[0] ?? ''));
  repo.commit();
  const run = await runStage(repo, 'tasks');
  expect(checkOf(run, 'row-lint')).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('2026-13-40'),
  });
});

test('two packets for one id are an error that names both, and nothing is recorded', async ({ repo }) => {
  writeFullPacket(repo);
  repo.write('docs/SPEC-KIT-DEMO-again/spec.md', SPEC_MD);
  repo.commit();
  await expect(runStage(repo, 'tasks')).rejects.toMatchObject({
    code: 'AMBIGUOUS',
    message: expect.stringMatching(/SPEC-KIT-DEMO and .*SPEC-KIT-DEMO-again/),
  });
  expect(repo.git('status', '--porcelain')).toBe('');
});
