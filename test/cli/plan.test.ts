import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { recomputeVerdict } from '../../src/consensus/recompute.js';
import { planAnswer, writePlanned } from '../support/answers.js';
import { runCli } from '../support/cli.js';
import { test } from '../support/workspace.js';

const SPEC = 'SPEC-KIT-DEMO';

test('a dry run prints what would be asked and exits 0', async ({ repo }) => {
  writePlanned(repo);
  const { exitCode, stdout } = await runCli(repo.root, ['plan', SPEC, '--dry-run']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/criteria R1, R2\n/);
  expect(stdout).toMatch(/shown +spec\.md [0-9a-f]{12} ~\d+ tokens/);
});

test('a run by hand waits with exit 3, ends with the exit code of its verdict, and a person may accept it', async ({
  repo,
}) => {
  writePlanned(repo);
  const call = async (...args: string[]) => {
    const ran = await runCli(repo.root, ['plan', SPEC, '--json', ...args]);
    return { exitCode: ran.exitCode, report: JSON.parse(ran.stdout) };
  };
  let { exitCode, report } = await call();
  const { runId } = report;
  for (let tries = 0; report.status === 'awaiting_output' && tries < 3; tries++) {
    expect(exitCode).toBe(3);
    const { agent } = report.awaiting;
    const asked = { runId, promptVersion: '20261124-plan-a', model: 'one model' };
    repo.write('.git/answer.json', JSON.stringify(planAnswer(agent, asked)));
    ({ exitCode, report } = await call('--run', runId, '--agent', agent, '--output', '.git/answer.json'));
  }
  expect([exitCode, report.verdict]).toEqual([3, 'degraded']);
  const accept = ['stage', 'plan', SPEC, '--accept', runId];
  const bare = await runCli(repo.root, accept);
  expect([bare.exitCode, bare.stderr]).toEqual([4, expect.stringContaining('--reason must say why')]);
  const accepted = await runCli(repo.root, [...accept, '--reason', 'nobody else is here today', '--json']);
  expect(accepted.exitCode).toBe(0);
  const { bundle, by, verdict } = JSON.parse(accepted.stdout);
  expect({ by, verdict }).toEqual({ by: 'Test <test@example.com>', verdict: 'degraded' });
  const folder = 'docs/SPEC-OPS-004-integrated-coder-hooks/evidence/consensus/SPEC-KIT-DEMO';
  const names = readdirSync(path.join(repo.root, folder)).filter(
    name => name.includes(bundle) && !name.endsWith('_manifest.json'),
  );
  const files = new Map(names.map(name => [name, readFileSync(path.join(repo.root, folder, name))]));
  expect(recomputeVerdict(files)).toEqual({ verdict: 'degraded', problems: [] });
  const synthesis = JSON.parse(files.get(`spec-plan_${bundle}_synthesis.json`)?.toString() ?? '');
  expect(synthesis).toMatchObject({
    status: 'degraded',
    run_id: runId,
    acceptance: { accepts: 'degraded', by },
  });
  expect(JSON.parse(repo.read(report.synthesis)).status).toBe('degraded');
  expect((await runCli(repo.root, ['verify', SPEC])).exitCode).toBe(0);
});
