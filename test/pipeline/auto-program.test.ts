import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { STAGES } from '../../schemas/ids.js';
import { OUTPUTS, writeAgentPipeline } from '../support/agent-pipeline.js';
import { implement } from '../support/auto.js';
import { runCli } from '../support/cli.js';
import { answeringCli } from '../support/fake-cli.js';
import { SPEC_ID } from '../support/packet.js';
import type { Repository } from '../support/repository.js';
import { test } from '../support/workspace.js';

const PLAYERS = { gemini: 'gemini', claude: 'claude', gpt_pro: 'codex', gpt_codex: 'codex' } as const;

/** The built program beside agent programs that agree on everything. */
function program(repo: Repository) {
  const bin = mkdtempSync(path.join(tmpdir(), 'spec-kit-bin-'));
  onTestFinished(() => rmSync(bin, { recursive: true, force: true }));
  for (const name of ['gemini', 'claude', 'codex'] as const) answeringCli(bin, name, OUTPUTS);
  const agents = Object.entries(PLAYERS).map(
    ([role, cli]) =>
      `[agents.${role}]\nmode = "cli"\ncli = "${cli}"\nmodel = "model-of-${role}"\nkey_env = "MODEL_API_KEY"\n`,
  );
  writeAgentPipeline(repo, agents.join(''));
  const env = {
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    MODEL_API_KEY: 'canary-4f81d2aa-model-key',
    SPEC_KIT_TRUST: createHash('sha256').update(repo.read('spec-kit.toml')).digest('hex'),
  };
  return async (...args: readonly string[]) => {
    const { exitCode, stdout, stderr } = await runCli(repo.root, [...args, '--json'], env);
    return { exitCode, stderr, report: JSON.parse(stdout) };
  };
}

test('the program takes a spec through six stages of agent programs that agree, to unlock', async ({
  repo,
}) => {
  const run = program(repo);
  const first = await run('auto', SPEC_ID);
  expect(first).toMatchObject({ exitCode: 3, report: { needs: 'implementation', halt: null } });
  implement(repo);
  const { report, exitCode } = await run('auto', SPEC_ID, '--resume', first.report.runId);
  expect({ exitCode, ...report }).toMatchObject({ exitCode: 0, outcome: 'passed', halt: null, waivers: [] });
  expect(report.stages).toMatchObject(STAGES.map(stage => ({ stage, outcome: 'passed', verdict: 'ok' })));
  repo.commit('evidence');
  expect(await run('verify', SPEC_ID)).toMatchObject({ exitCode: 0, report: { outcome: 'ok' } });
  const { report: status } = await run('status', SPEC_ID);
  expect(status.stages).toMatchObject(STAGES.map(stage => ({ stage, outcome: 'passed', verdict: 'ok' })));
  expect(status.stages[0]).not.toHaveProperty('asserted');
});
