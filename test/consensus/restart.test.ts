import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect } from 'vitest';
import type { AgentRole } from '../../schemas/settings.js';
import { StageReport } from '../../schemas/stage-tools.js';
import { planAnswer, writePlanned } from '../support/answers.js';
import { PROGRAM } from '../support/cli.js';
import { makeRepository, type Repository } from '../support/repository.js';
import { test } from '../support/workspace.js';

const ROLES: readonly AgentRole[] = ['gemini', 'claude', 'gpt_pro'];

/** A server process of the built program, and a way to end it as a crash does. */
async function server(repo: Repository) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [PROGRAM, 'serve', '--workspace', repo.root],
    env: { PATH: process.env['PATH'] ?? '', HOME: path.join(repo.root, '.git/home') },
    stderr: 'ignore',
  });
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(transport);
  return {
    async plan(args: Readonly<Record<string, unknown>>): Promise<StageReport> {
      const result = await client.callTool({
        name: 'spec_plan',
        arguments: { specId: 'SPEC-KIT-DEMO', ...args },
      });
      if (result.isError === true) throw new Error(JSON.stringify(result.content));
      return StageReport.parse(result.structuredContent);
    },
    async kill() {
      const { pid } = transport;
      if (pid !== null) process.kill(pid, 'SIGKILL');
      await client.close();
    },
  };
}

/** A whole run; with `restarts`, every answer is given to a server of its own and that one is killed after it. */
async function run(repo: Repository, restarts: boolean): Promise<string> {
  writePlanned(repo);
  let now = await server(repo);
  try {
    let report = await now.plan({});
    const runId = report.runId ?? '';
    for (const role of ROLES) {
      if (restarts) {
        await now.kill();
        now = await server(repo);
        expect((await now.plan({ runId })).awaiting?.agent).toBe(role);
        await now.kill();
        now = await server(repo);
      }
      const output = planAnswer(role, { runId, promptVersion: '20261124-plan-a' });
      report = await now.plan({ runId, agent: role, output: JSON.stringify(output) });
    }
    expect(report.status).toBe('done');
    return apart(readFileSync(path.join(repo.root, report.synthesis ?? ''), 'utf8'), runId);
  } finally {
    await now.kill();
  }
}

/** The synthesis without what is a clock or an id, or a digest of bytes that hold one. */
function apart(text: string, runId: string): string {
  return text
    .replaceAll(runId, 'RUN')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/[0-9a-f]{64}/g, 'DIGEST');
}

test('a run whose server is killed between all answers ends with the bytes of an uninterrupted one', async ({
  repo,
}) => {
  const other = makeRepository();
  try {
    expect(await run(repo, true)).toBe(await run(other, false));
  } finally {
    rmSync(other.root, { recursive: true, force: true });
  }
});
