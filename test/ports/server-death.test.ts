import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { childrenOf, eventually, processesWith, stateOf } from '../support/processes.js';

const HOST = path.resolve('dist/test/support/command-host.js');

/** Ignores the polite signal; so do its child, a daemon in another session, and the daemon's child. */
const STUBBORN = `trap "" TERM
(setsid sh -c 'trap "" TERM; sleep 60 >/dev/null 2>&1 & touch daemon; sleep 60' >/dev/null 2>&1 &)
sleep 60 &
while [ ! -e daemon ]; do sleep 0.02; done
touch ready
wait`;

const WITHIN_MS = 3000;

interface Running {
  readonly host: ChildProcess;
  readonly mark: string;
  readonly watchdogs: () => number[];
  readonly said: () => string;
}

async function withHost(test: (running: Running) => Promise<void>): Promise<void> {
  const root = mkdtempSync(path.join(tmpdir(), 'spec-kit-death-'));
  const mark = `test-${randomBytes(6).toString('hex')}`;
  const host = spawn(process.execPath, [HOST, root, mark, 'sh', '-c', STUBBORN], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let said = '';
  host.stdout.setEncoding('utf8').on('data', text => {
    said += text;
  });
  const watchdogs = () => childrenOf(host.pid ?? 0, 'command watchdog');
  try {
    expect(await eventually(() => existsSync(path.join(root, 'ready')) && watchdogs().length === 1)).toBe(
      true,
    );
    expect(processesWith(mark).length).toBeGreaterThanOrEqual(4);
    await test({ host, mark, watchdogs, said: () => said });
  } finally {
    host.kill('SIGKILL');
    await eventually(() => processesWith(mark).length === 0, WITHIN_MS);
    rmSync(root, { recursive: true });
  }
}

describe.runIf(process.platform === 'linux').concurrent('no process of a command outlives the server', () => {
  const none = (mark: string) => eventually(() => processesWith(mark).length === 0, WITHIN_MS);

  test.each([
    ['killed by SIGKILL', (host: ChildProcess) => host.kill('SIGKILL')],
    ['that exits without ending its commands', (host: ChildProcess) => host.kill('SIGUSR2')],
    ['ended by a signal that it does not handle', (host: ChildProcess) => host.kill('SIGHUP')],
  ])('%s, and neither does the watchdog', async (_, end) => {
    await withHost(async ({ host, mark, watchdogs }) => {
      const [watchdog = 0] = watchdogs();
      end(host);
      expect(await none(mark)).toBe(true);
      expect(await eventually(() => stateOf(watchdog) === 'gone', WITHIN_MS)).toBe(true);
    });
  });

  test.each([
    ['SIGTERM', (host: ChildProcess) => host.kill('SIGTERM')],
    ['the end of its input', (host: ChildProcess) => host.stdin?.end()],
  ])('that ends its commands at %s; the command is cancelled and no other starts', async (_, end) => {
    await withHost(async ({ host, mark, said }) => {
      end(host);
      expect(await none(mark)).toBe(true);
      expect(await eventually(() => host.exitCode === 0, WITHIN_MS)).toBe(true);
      const [first, late] = said()
        .trim()
        .split('\n')
        .map(line => JSON.parse(line));
      expect(first).toMatchObject({ ending: 'cancelled', leftovers: true });
      expect(late).toMatchObject({ ending: 'cancelled', reason: 'was cancelled before it started.' });
    });
  });

  test('that lost its watchdog and got another', async () => {
    await withHost(async ({ host, mark, watchdogs }) => {
      const [first = 0] = watchdogs();
      process.kill(first, 'SIGKILL');
      expect(await eventually(() => watchdogs().some(pid => pid !== first))).toBe(true);
      host.kill('SIGKILL');
      expect(await none(mark)).toBe(true);
    });
  });
});
