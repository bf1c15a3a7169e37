import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'vitest';
import { PROGRAM, runCli } from '../support/cli.js';
import { KEY, serveHttp } from '../support/hal.js';
import { writePacket } from '../support/packet.js';
import { test } from '../support/workspace.js';

test('mock serves until Ctrl-C, run asks it, and exit codes tell how that went', async ({ repo }) => {
  writePacket(repo);
  const mock = spawn(process.execPath, [PROGRAM, 'hal', 'mock', '--port', '0', '--mode', 'degraded'], {
    cwd: repo.root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(mock.stdout.setEncoding('utf8'), 'data');
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0] ?? '';
  expect(line).toContain('degraded mock API at');
  const env = { SPEC_OPS_HAL_BASE_URL: url, HAL_SECRET_KAVEDARR_API_KEY: KEY };
  const init = await runCli(repo.root, ['hal', 'init']);
  expect([init.exitCode, init.stdout]).toEqual([
    0,
    expect.stringContaining('docs/hal/hal_profile.json is written'),
  ]);
  const failed = await runCli(repo.root, ['hal', 'run', 'SPEC-KIT-DEMO'], env);
  expect(failed.exitCode).toBe(1);
  expect(failed.stdout).toContain(
    'failed   health: assertion: GET /health has `degraded`, expected `ok`, at status.',
  );
  const some = await runCli(
    repo.root,
    ['hal', 'run', 'SPEC-KIT-DEMO', '--json', '--check', 'graphql_ping'],
    env,
  );
  expect(some.exitCode).toBe(3);
  expect(JSON.parse(some.stdout)).toMatchObject({ outcome: 'incomplete', omitted: 0 });
  mock.kill('SIGINT');
  const [code] = await once(mock, 'exit');
  expect(code).toBe(0);
  const refused = await runCli(repo.root, ['hal', 'run', 'SPEC-KIT-DEMO'], env);
  expect(refused.exitCode).toBe(1);
  expect(refused.stdout).toContain('failed   graphql_ping: refused: POST /graphql refused the connection');
});

test.for([
  [['hal', 'stop', 'SPEC-KIT-DEMO'], 'hal takes run, mock, init; not "stop"'],
  [['hal', 'mock', '--mode', 'angry'], '--mode takes healthy, degraded'],
  [['hal', 'mock', '--port', 'x'], '--port takes a number'],
  [['hal', 'run'], 'SPEC-ID is missing'],
] as const)('%j is a usage error', async ([args, words], { repo }) => {
  const { exitCode, stderr } = await runCli(repo.root, args);
  expect([exitCode, stderr]).toEqual([4, expect.stringContaining(words)]);
});

test('a taken port is an error that says so', async ({ repo }) => {
  const url = new URL(await serveHttp((_, response) => response.end()));
  const { exitCode, stderr } = await runCli(repo.root, ['hal', 'mock', '--port', url.port]);
  expect([exitCode, stderr]).toEqual([4, expect.stringContaining(`Port ${url.port} is taken`)]);
});

test('a secret that the API echoes in a header, an error and a body leaves the process nowhere', async ({
  repo,
}) => {
  writePacket(repo);
  const url = await serveHttp((request, response) => {
    const key = String(request.headers['x-api-key'] ?? 'no key');
    response.writeHead(500, { 'x-echo': key, location: `/?k=${encodeURIComponent(key)}` });
    response.end(JSON.stringify({ errors: [{ message: key }], split: [...key].join(' ') }));
  });
  const env = { SPEC_OPS_HAL_BASE_URL: url, HAL_SECRET_KAVEDARR_API_KEY: KEY };
  const { stdout, stderr, exitCode } = await runCli(repo.root, ['hal', 'run', 'SPEC-KIT-DEMO'], env);
  expect(exitCode).toBe(1);
  repo.commit('evidence');
  expect(stdout + stderr + repo.git('log', '-p', '--all', '--text')).not.toContain(KEY);
});
