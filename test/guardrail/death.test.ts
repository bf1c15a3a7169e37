import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROGRAM } from '../support/cli.js';
import { closedPort } from '../support/hal.js';
import { SPEC_ID, writePacket } from '../support/packet.js';
import { eventually, processesWith } from '../support/processes.js';
import { makeRepository, type Repository } from '../support/repository.js';

const WITHIN_MS = 3000;

/** Ignores the polite signal; so do its child, a daemon in a session of its own, and the daemon's child. Holds stdout. */
const STUBBORN = `trap "" TERM INT
(setsid sh -c 'trap "" TERM INT; sleep 60 & touch .git/daemon; sleep 60' &)
sleep 60 &
while [ ! -e .git/daemon ]; do sleep 0.02; done
`;

/** An API that is as stubborn, and never answers one of its checks. */
const API = `${STUBBORN}
exec "$0" -e 'process.on("SIGTERM", () => {}); require("http").createServer((q, s) => q.url === "/never" ? require("fs").writeFileSync(".git/ready", "") : s.end()).listen(PORT, "127.0.0.1")'`;

const SCENARIO = `${STUBBORN}
touch .git/ready
wait`;

const argv = (script: string) =>
  `argv = ["sh", "-c", ${JSON.stringify(script)}, ${JSON.stringify(process.execPath)}]`;

const withApi = (port: number) => `
[commands.api]
${argv(API.replace('PORT', String(port)))}
[hal]
profile = "hal.json"
base_url = "http://127.0.0.1:${port}"
start = "api"
TIMES
`;

const withScenario = () => `
[commands.e2e]
${argv(SCENARIO)}
TIMES
[guardrail.validate]
scenarios = ["e2e"]
`;

interface Running {
  readonly program: ChildProcess;
  readonly mark: string;
  readonly exited: Promise<number | null>;
}

/** The shipped program in the middle of a validate, its commands at work. */
async function midway(repo: Repository, settings: string): Promise<Running> {
  repo.write(
    'hal.json',
    '{"up": {"method": "GET", "path": "/up"}, "never": {"method": "GET", "path": "/never"}}',
  );
  writePacket(repo, settings);
  const mark = `test-${randomBytes(6).toString('hex')}`;
  const program = spawn(process.execPath, [PROGRAM, 'guardrail', 'validate', SPEC_ID], {
    cwd: repo.root,
    stdio: 'ignore',
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: path.join(repo.root, '.git/home'),
      SPEC_KIT_RUN_ID: mark,
      SPEC_KIT_TRUST: createHash('sha256').update(settings).digest('hex'),
    },
  });
  const exited = new Promise<number | null>(resolve => program.on('exit', resolve));
  expect(await eventually(() => existsSync(path.join(repo.root, '.git/ready')))).toBe(true);
  expect(processesWith(mark).length).toBeGreaterThanOrEqual(5);
  return { program, mark, exited };
}

const kinds: [what: string, settings: (times: string) => Promise<string>][] = [
  ['a scenario', async times => withScenario().replace('TIMES', times && 'timeout = "2s"')],
  [
    'an API that was started',
    async times => withApi(await closedPort()).replace('TIMES', times && 'timeout = "2s"'),
  ],
];

describe
  .runIf(process.platform === 'linux')
  .concurrent('nothing of a validate is alive 3 s after its end', () => {
    const ends: [how: string, end: (running: Running) => void, times: string][] = [
      ['SIGKILL of the program', ({ program }) => program.kill('SIGKILL'), ''],
      ['SIGTERM', ({ program }) => program.kill('SIGTERM'), ''],
      ['a cancel by SIGINT', ({ program }) => program.kill('SIGINT'), ''],
      ['a timeout', () => {}, 'short'],
    ];
    test.each(
      kinds.flatMap(([what, settings]) =>
        ends.map(([how, end, times]) => ({ what, how, settings, end, times })),
      ),
    )(
      '$what, after $how',
      async ({ settings, end, times }) => {
        const repo = makeRepository();
        const running = await midway(repo, await settings(times));
        try {
          end(running);
          if (times !== '') await running.exited;
          const commands = () => processesWith(running.mark).filter(pid => pid !== running.program.pid);
          expect(await eventually(() => commands().length === 0, WITHIN_MS)).toBe(true);
          await running.exited;
          expect(processesWith(running.mark)).toEqual([]);
        } finally {
          running.program.kill('SIGKILL');
          await eventually(() => processesWith(running.mark).length === 0, WITHIN_MS);
          rmSync(repo.root, { recursive: true, force: true });
        }
      },
      30_000,
    );
  });
