// HAL checks: the time of a run against that of its slowest check, and what a check costs over a bare request.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readEnvironment } from '../dist/src/bin/environment.js';
import { createWorkspaces } from '../dist/src/bin/workspaces.js';
import { runHal } from '../dist/src/hal/run.js';
import { loadSettings } from '../dist/src/settings/load.js';
import { median } from './mcp-process.mjs';

const ROUNDS = 7;
const SLOWEST_MS = 300;

/** Each path says after how many milliseconds it answers. */
async function serve() {
  const server = createServer(async (incoming, response) => {
    await delay(Number(incoming.url.slice(1)));
    response.setHeader('content-type', 'application/json').end('{"status":"ok"}');
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function makeWorkspace(port, delays) {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'spec-kit-hal-')));
  mkdirSync(path.join(root, '.git'));
  mkdirSync(path.join(root, 'docs/hal'), { recursive: true });
  const checks = delays.map((ms, index) => [`check${index}`, { method: 'GET', path: `/${ms}` }]);
  writeFileSync(path.join(root, 'docs/hal/hal_profile.json'), JSON.stringify(Object.fromEntries(checks)));
  const environment = readEnvironment({ SPEC_OPS_HAL_BASE_URL: `http://127.0.0.1:${port}` });
  return { root, workspace: createWorkspaces(environment).open(root) };
}

async function timed(workspace) {
  const { settings } = await loadSettings(workspace);
  const startedAt = performance.now();
  const run = await runHal(workspace, settings, {
    specId: 'SPEC-A-1',
    sessionId: '20261122T100000Z-00000000',
    staging: '.staging',
    configDigest: null,
    signal: new AbortController().signal,
    progress: async () => {},
  });
  const wall = performance.now() - startedAt;
  if (run.outcome !== 'passed') throw new Error(run.checks.map(({ message }) => message).join(' '));
  return wall;
}

function bare(port) {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request({ port, path: '/0', agent: false }, response => {
      response.resume().on('end', () => resolve(performance.now() - startedAt));
    });
    sent.on('error', reject).end();
  });
}

export async function hal() {
  const server = await serve();
  const { port } = server.address();
  const four = makeWorkspace(port, [SLOWEST_MS, 200, 100, 0]);
  const one = makeWorkspace(port, [0]);
  try {
    const first = await timed(four.workspace);
    const ratios = [];
    const singles = [];
    const bares = [];
    for (let i = 0; i < ROUNDS; i++) {
      ratios.push((await timed(four.workspace)) / SLOWEST_MS);
      bares.push(await bare(port));
      singles.push(await timed(one.workspace));
    }
    return [
      { what: 'four HAL checks: wall time / what the slowest takes to answer', value: median(ratios), bound: 1.3 },
      { what: 'the same for the first run of a process', value: first / SLOWEST_MS },
      { what: 'a run of one instant HAL check: ms over a bare request', value: median(singles) - median(bares), bound: 50 },
    ];
  } finally {
    server.close();
    for (const { root } of [four, one]) rmSync(root, { recursive: true, force: true });
  }
}
