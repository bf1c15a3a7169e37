import { expect } from 'vitest';
import { checkOf, closedPort, probe, serveOne, smoke } from '../support/hal.js';
import { test } from '../support/workspace.js';

/** spec-kit.toml whose command "api" is a script, with `PORT` in it. */
const toml = (port: number, script: string, more = '') =>
  [
    '[commands.api]',
    `argv = [${JSON.stringify(process.execPath)}, "-e", ${JSON.stringify(script.replaceAll('PORT', String(port)))}]`,
    'timeout = "20s"',
    '[hal]',
    `base_url = "http://127.0.0.1:${port}"`,
    'start = "api"',
    more,
  ].join('\n');

const SERVE =
  'require("http").createServer((q, s) => s.end("pid " + process.pid)).listen(PORT, "127.0.0.1");';
const folder = 'docs/SPEC-OPS-004-integrated-coder-hooks/evidence/commands/SPEC-KIT-DEMO';

/** What still listens there. */
async function listens(port: number): Promise<boolean> {
  const { connect } = await import('node:net');
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

test('the command serves the checks, is alive to the last, and is gone afterwards', async ({ repo }) => {
  const port = await closedPort();
  const { report } = await smoke(repo, undefined, {
    profile: probe(),
    toml: toml(port, `console.log("up"); ${SERVE}`),
  });
  expect(report.outcome).toBe('passed');
  expect(checkOf(report, 'start')).toMatchObject({ status: 'passed' });
  expect(repo.read(`${folder}/${report.bundle}-hal-start_log.txt`)).toContain('up');
  expect(await listens(port)).toBe(false);
});

test('a port that is taken before is refused: somebody else would answer', async ({ repo }) => {
  const { url, asked } = await serveOne(200, {}, 'an old build');
  const port = Number(new URL(url).port);
  const { report } = await smoke(repo, undefined, { profile: probe(), toml: toml(port, SERVE) });
  expect(report.outcome).toBe('incomplete');
  expect(checkOf(report, 'start')).toMatchObject({ status: 'not_run', cause: 'start' });
  expect(checkOf(report, 'start').message).toContain('something else listens');
  expect(checkOf(report)).toMatchObject({ status: 'not_run', cause: 'start' });
  expect(asked.map(each => each.url)).toEqual(['/']);
});

test('a command that ends before the checks are done fails the run: nobody knows what answered', async ({
  repo,
}) => {
  const port = await closedPort();
  const child = SERVE.replace(
    's.end("pid " + process.pid)',
    'q.url === "/" ? s.end() : (process.kill(process.ppid), setTimeout(() => s.end("orphan"), 50))',
  );
  repo.write('child.cjs', child.replace('PORT', String(port)));
  const script =
    'require("child_process").spawn(process.execPath, ["child.cjs"]); setInterval(() => {}, 1000)';
  const { report } = await smoke(repo, undefined, { profile: probe(), toml: toml(port, script) });
  expect(report.outcome).toBe('failed');
  expect(checkOf(report, 'start')).toMatchObject({ status: 'failed', cause: 'start' });
  expect(checkOf(report, 'start').message).toContain(
    'was killed by SIGTERM. That was before the checks were done',
  );
  expect(await listens(port)).toBe(false);
});

test.for([
  [
    'ends at once',
    'console.error("no database"); process.exit(3)',
    'exited with code 3. It never answered',
    'failed',
  ],
  ['never listens', 'setInterval(() => {}, 1000)', 'did not answer at http://127.0.0.1:', 'failed'],
] as const)(
  'a command that %s is a failed start, and no check ran',
  async ([, script, words, status], { repo }) => {
    const port = await closedPort();
    const { report } = await smoke(repo, undefined, {
      profile: probe(),
      toml: toml(port, script, 'ready = "500ms"'),
    });
    expect(report.outcome).toBe('failed');
    expect(checkOf(report, 'start')).toMatchObject({ status, cause: 'start' });
    expect(checkOf(report, 'start').message).toContain(words);
    expect(checkOf(report)).toMatchObject({ status: 'not_run', cause: 'start' });
  },
);

test('a program that does not exist did not run', async ({ repo }) => {
  const port = await closedPort();
  const text = toml(port, SERVE).replace(/argv = .*/, 'argv = ["no-such-program-here"]');
  const { report } = await smoke(repo, undefined, { profile: probe(), toml: text });
  expect(report.outcome).toBe('incomplete');
  expect(checkOf(report, 'start')).toMatchObject({ status: 'not_run', cause: 'start' });
});

test('an untrusted command is not started, even where the operator chose the URL', async ({ repo }) => {
  const port = await closedPort();
  const { report } = await smoke(repo, `http://127.0.0.1:${port}`, {
    profile: probe(),
    toml: toml(port, SERVE).replace(/base_url.*\n/, ''),
    trusted: false,
  });
  expect(report.outcome).toBe('incomplete');
  expect(checkOf(report)).toMatchObject({ status: 'not_run', cause: 'untrusted' });
  expect(checkOf(report).message).toContain('starts the command "api"');
});

test('a cancelled run ends the command with all it started', async ({ repo }) => {
  const port = await closedPort();
  const abort = new AbortController();
  const script = `require("http").createServer(() => require("fs").writeFileSync("asked", "")).listen(PORT, "127.0.0.1");`;
  const { watch } = await import('node:fs');
  const watcher = watch(repo.root, (_, name) => {
    if (name === 'asked') abort.abort();
  });
  try {
    const { report } = await smoke(repo, undefined, {
      profile: probe(),
      toml: toml(port, script),
      signal: abort.signal,
    });
    expect(report.outcome).toBe('incomplete');
    expect(checkOf(report, 'start')).toMatchObject({ status: 'not_run', cause: 'cancelled' });
    expect(await listens(port)).toBe(false);
  } finally {
    watcher.close();
  }
});

test('a secret that the API prints is not in its log', async ({ repo }) => {
  const port = await closedPort();
  const script = `require("http").createServer((q, s) => { console.log(q.headers["x-key"]); s.end(); }).listen(PORT, "127.0.0.1");`;
  const profile = probe({ headers: { 'X-Key': '{secrets.PLAIN_NAME}' } });
  const { report } = await smoke(repo, undefined, {
    profile,
    toml: toml(port, script, 'secret_env = "PLAIN_NAME"'),
    env: { PLAIN_NAME: 'a value of no secret name' },
  });
  expect(report.outcome).toBe('passed');
  const log = repo.read(`${folder}/${report.bundle}-hal-start_log.txt`);
  expect(log).toContain('[redacted]');
  expect(log).not.toContain('no secret name');
});
