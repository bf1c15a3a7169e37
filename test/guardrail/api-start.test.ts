import { expect } from 'vitest';
import { recordEarlier } from '../support/earlier.js';
import { closedPort, KEY, serveOne } from '../support/hal.js';
import { writePacket } from '../support/packet.js';
import { checkOf, runStage } from '../support/stage.js';
import { test } from '../support/workspace.js';

const env = { HAL_SECRET_KAVEDARR_API_KEY: KEY };
const SERVE = `require("http").createServer((q, s) => s.end("pid " + process.pid)).listen(PORT, "127.0.0.1");`;

/** A workspace whose API is started for the checks, and notes each start. */
const toml = (port: number, script = SERVE, more = '') => `
[commands.api]
argv = [${JSON.stringify(process.execPath)}, "-e", ${JSON.stringify(`require("fs").appendFileSync("starts", "x"); ${script}`.replaceAll('PORT', String(port)))}]
timeout = "20s"
[hal]
profile = "hal.json"
base_url = "http://127.0.0.1:${port}"
start = "api"
${more}`;

const profile = JSON.stringify({
  one: { method: 'GET', path: '/1' },
  two: { method: 'GET', path: '/2' },
  three: { method: 'GET', path: '/3' },
});

test('a stage starts the API once for all its checks, and ends it', async ({ repo }) => {
  const port = await closedPort();
  repo.write('.gitignore', 'starts\n');
  repo.write('hal.json', profile);
  writePacket(repo, toml(port));
  const run = await runStage(repo, 'validate', { env });
  expect(run.report.outcome).toBe('passed');
  expect(checkOf(run, 'hal:start').message).toMatch(/was alive until it was ended/);
  expect(run.telemetry.checks.filter(({ name }) => name.startsWith('hal:'))).toHaveLength(4);
  expect(run.telemetry.artifacts.map(({ path }) => path)).toContain(checkOf(run, 'hal:start').log);
  expect(repo.read('starts')).toBe('x');
  recordEarlier(repo);
  const audit = await runStage(repo, 'audit', { env });
  expect(audit.report.outcome).toBe('passed');
  expect(repo.read('starts')).toBe('xx');
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
});

test('an old build that listens already is not asked in place of the one under test', async ({ repo }) => {
  const { url, asked } = await serveOne(200, {}, 'an old build');
  repo.write('.gitignore', 'starts\n');
  repo.write('hal.json', profile);
  writePacket(repo, toml(Number(new URL(url).port)));
  const run = await runStage(repo, 'validate', { env });
  expect(run.report.outcome).toBe('incomplete');
  expect(checkOf(run, 'hal:start').message).toMatch(/^start: .*something else listens/);
  expect(checkOf(run, 'hal:one').status).toBe('not_run');
  expect(asked.map(request => request.url)).toEqual(['/']);
});

test('an API that ends before the checks are done fails the stage: nobody knows what answered', async ({
  repo,
}) => {
  const port = await closedPort();
  const dies = SERVE.replace('s.end(', 'q.url === "/1" ? process.exit(0) : s.end(');
  repo.write('.gitignore', 'starts\n');
  repo.write('hal.json', profile);
  writePacket(repo, toml(port, dies));
  const run = await runStage(repo, 'validate', { env });
  expect(run.report.outcome).toBe('failed');
  expect(checkOf(run, 'hal:start').message).toMatch(/before the checks were done/);
});

test('the command that serves the API is no command of the baseline', async ({ repo }) => {
  repo.write('.gitignore', 'starts\n');
  repo.write('hal.json', profile);
  writePacket(repo, toml(await closedPort()));
  const run = await runStage(repo, 'plan', { env });
  expect(run.report.outcome).toBe('passed');
  expect(() => repo.read('starts')).toThrow();
});

test('progress within the HAL checks rises with each of them', async ({ repo }) => {
  const port = await closedPort();
  repo.write('.gitignore', 'starts\n');
  repo.write('hal.json', profile);
  writePacket(repo, toml(port));
  const steps: [number, string][] = [];
  await runStage(repo, 'validate', { env, onStep: (message, done) => steps.push([done, message]) });
  expect(steps.map(([, message]) => message).filter(message => message.startsWith('hal'))).toHaveLength(4);
  for (const [index, [done]] of steps.entries())
    if (index > 0) expect(done).toBeGreaterThan(steps[index - 1]?.[0] ?? -1);
});
