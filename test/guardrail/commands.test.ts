import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { writePacket } from '../support/packet.js';
import { node, plan, settings, statusOf } from '../support/plan.js';
import { test } from '../support/workspace.js';

const endings: [name: string, build: string, status: string, outcome: string, says: RegExp][] = [
  ['exits 0', node('process.exit(0)'), 'passed', 'passed', /"build"/],
  ['exits 3', node('process.exit(3)'), 'failed', 'failed', /3/],
  ['is killed by a signal', node('process.kill(process.pid, "SIGKILL")'), 'failed', 'failed', /SIGKILL/],
  [
    'outlives its timeout',
    `${node('setTimeout(() => {}, 60000)')}\ntimeout = "300ms"`,
    'not_run',
    'incomplete',
    /longer than 300 ms/,
  ],
  ['does not exist', 'argv = ["/no/such/program"]', 'not_run', 'incomplete', /start/i],
  ['is not executable', 'argv = ["./SPEC.md"]', 'not_run', 'incomplete', /start/i],
  [
    'prints beyond all bounds',
    node('const b = Buffer.alloc(1 << 20, 120); for (let i = 0; i < 200; i++) require("fs").writeSync(1, b)'),
    'not_run',
    'incomplete',
    /output|wrote|log/i,
  ],
];

test.for(endings)('a command that $0 is $2', async ([, build, status, outcome, says], { repo }) => {
  writePacket(repo, settings(build));
  const { report, telemetry } = await plan(repo);
  const check = telemetry.checks.find(({ name }) => name === 'baseline:build');
  expect(check).toMatchObject({ status, command: 'build' });
  expect(check?.message).toMatch(says);
  expect(report.outcome).toBe(outcome);
  expect(telemetry.outcome).toBe(outcome);
  expect(telemetry.baseline.status).toBe(status === 'not_run' ? 'skipped' : status);
});

test('a cancelled run is recorded as incomplete', async ({ repo }) => {
  writePacket(repo, settings(node('setTimeout(() => {}, 60000)')));
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 700);
  const { report, telemetry } = await plan(repo, { signal: abort.signal });
  expect(report.outcome).toBe('incomplete');
  expect(telemetry.checks.find(({ name }) => name === 'baseline:build')).toMatchObject({ status: 'not_run' });
});

test('commands that nobody trusted do not run, and the message says how to trust them', async ({ repo }) => {
  writePacket(repo, settings(node('require("fs").writeFileSync("ran", "")')));
  const { report } = await plan(repo, { trusted: false });
  expect(report.outcome).toBe('incomplete');
  expect(report.checks.find(({ name }) => name === 'baseline:build')?.message).toMatch(
    /spec-kit-mcp trust.*SPEC_KIT_TRUST=[0-9a-f]{64}/,
  );
  expect(readdirSync(repo.root)).not.toContain('ran');
});

test('a mode that a caller asks for cannot turn the gate green', async ({ repo }) => {
  const slow = `[commands.slow]\n${node('0')}\n[guardrail.plan]\nbaseline = ["build", "slow"]\n`;
  writePacket(repo, settings(`${node('0')}\nquick = true`, slow));
  expect((await plan(repo, { baselineMode: 'full' })).report.outcome).toBe('passed');
  for (const mode of ['skip', 'no-run', 'quick'] as const) {
    const { report, telemetry } = await plan(repo, { baselineMode: mode });
    expect(report.outcome).toBe('incomplete');
    expect(telemetry.baseline).toMatchObject({ mode, status: 'skipped' });
  }
});

test('a mode that the committed file orders is a recorded waiver', async ({ repo }) => {
  writePacket(repo, settings(node('0'), '[guardrail.plan]\nbaseline = ["build"]\nbaseline_mode = "skip"\n'));
  const { report } = await plan(repo);
  expect(report.outcome).toBe('passed');
  expect(report.waivers).toEqual([
    { check: 'baseline', by: 'spec-kit.toml', reason: 'baseline_mode = "skip"' },
  ]);
});

test('a failure that an operator allows is waived and still recorded as failed', async ({ repo }) => {
  writePacket(repo, settings(node('process.exit(1)')));
  const { report, telemetry } = await plan(repo, { baselineAllowFail: true });
  expect(report.outcome).toBe('passed');
  expect(telemetry.baseline.status).toBe('failed');
  expect(report.waivers).toHaveLength(1);
});

test('a command that changes a tracked file, or moves HEAD, does not pass', async ({ repo }) => {
  writePacket(repo, settings(node('require("fs").appendFileSync("SPEC.md", "\\n")')));
  const changed = await plan(repo);
  expect(changed.report.outcome).toBe('failed');
  expect(changed.report.checks.find(({ name }) => name === 'source-unchanged')?.message).toContain('SPEC.md');
  repo.git('checkout', '-q', 'SPEC.md');
  repo.write(
    'spec-kit.toml',
    settings(
      node('require("child_process").execFileSync("git", ["commit", "-q", "--allow-empty", "-m", "x"])'),
    ),
  );
  repo.commit();
  const moved = await plan(repo);
  expect(moved.report.checks.find(({ name }) => name === 'source-unchanged')).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('HEAD moved'),
  });
});

test('the session hook and the policy commands count, each by its own rule', async ({ repo }) => {
  const more = [
    `[commands.hook]\n${node('0')}`,
    `[commands.quiet]\n${node('0')}`,
    `[commands.judge]\n${node('console.log("verdict: PASS")')}`,
    '[guardrail.plan]\nsession_start = "hook"',
    '[policy]\nprefilter = "judge"\nfinal = "quiet"',
  ].join('\n');
  writePacket(repo, settings(node('0'), more));
  const { report, telemetry } = await plan(repo);
  expect(telemetry.hooks['session.start']).toBe('ok');
  expect(statusOf(report, 'policy-prefilter')).toBe('passed');
  expect(statusOf(report, 'policy-final')).toBe('not_run');
  expect(report.outcome).toBe('incomplete');
});

test('a run that is cancelled before it begins passes nothing, and every check counts', async ({ repo }) => {
  writePacket(repo, settings(node('0')));
  const { report, telemetry } = await plan(repo, { signal: AbortSignal.abort() });
  expect(report.outcome).toBe('incomplete');
  const steps = telemetry.checks.filter(({ name }) => name !== 'source-unchanged');
  expect(steps.length).toBeGreaterThan(3);
  for (const { status, required, message } of steps)
    expect([status, required, message]).toEqual(['not_run', true, expect.stringContaining('cancelled')]);
});

test('a policy that does not gate is recorded as a waiver', async ({ repo }) => {
  const more = `[commands.judge]\n${node('console.log("FAIL")')}\n[policy]\nprefilter = "judge"\ngate = false\n`;
  writePacket(repo, settings(node('0'), more));
  const { report } = await plan(repo);
  expect(report.outcome).toBe('passed');
  expect(report.waivers).toEqual([
    expect.objectContaining({ check: 'policy-prefilter', by: 'spec-kit.toml' }),
  ]);
});

test('a secret of the environment that a command prints is nowhere in the evidence', async ({ repo }) => {
  const secret = 'canary-secret-4711-value';
  const print = `const s = ${JSON.stringify(secret)}; process.stdout.write(s.slice(0, 9)); process.stdout.write(s.slice(9) + "\\n" + Buffer.from(s).toString("base64"))`;
  writePacket(repo, settings(node(print)));
  repo.git('rm', '-q', '--cached', 'spec-kit.toml');
  repo.write('.gitignore', 'spec-kit.toml\n');
  repo.commit();
  const { report } = await plan(repo, { secrets: [secret] });
  repo.commit('evidence');
  const folder = path.dirname(report.telemetry);
  const everything = readdirSync(path.join(repo.root, folder)).map(name => repo.read(`${folder}/${name}`));
  expect(everything.length).toBeGreaterThan(3);
  expect(everything.join('\n')).toContain('[redacted]');
  for (const form of [secret, Buffer.from(secret).toString('base64')])
    expect(everything.join('\n')).not.toContain(form);
  expect(JSON.stringify(report)).not.toContain(secret);
});
