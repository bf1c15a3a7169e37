import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createRunCommand } from '../../src/ports/exec.js';
import type { CommandEnd, CommandRun } from '../../src/workspace/command.js';
import { eventually, processesWith } from '../support/processes.js';

const PATH = '/usr/local/bin:/usr/bin:/bin';
const limits = { graceMs: 300, maxLogBytes: 1024 * 1024 };
let root: string;
let outside: string;
let logs = 0;

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'spec-kit-exec-'));
  outside = mkdtempSync(path.join(tmpdir(), 'spec-kit-outside-'));
});
afterAll(() => {
  for (const folder of [root, outside]) rmSync(folder, { recursive: true });
});

interface Ran {
  readonly end: CommandEnd;
  readonly log: Buffer;
  /** Processes of this run that still live after it was settled. */
  readonly survivors: number[];
}

async function run(
  argv: readonly string[],
  over: Partial<CommandRun & { env: Record<string, string> }> = {},
): Promise<Ran> {
  const { env = {}, ...rest } = over;
  const log = `log-${logs++}.txt`;
  const mark = `test-${process.pid}-${log}`;
  const runCommand = createRunCommand({ root, env: { PATH, SPEC_KIT_RUN_ID: mark, ...env }, limits });
  const end = await runCommand({
    argv,
    timeoutMs: 20_000,
    log,
    signal: new AbortController().signal,
    ...rest,
  });
  return { end, log: readFileSync(path.join(root, rest.log ?? log)), survivors: processesWith(mark) };
}

function script(name: string, content: string, mode = 0o755): string {
  writeFileSync(path.join(root, name), content);
  chmodSync(path.join(root, name), mode);
  return `./${name}`;
}

const sh = (text: string) => ['sh', '-c', text];

describe.concurrent('a command', () => {
  test('that ends by itself has its exit code, and its output in a file that only its owner reads', async () => {
    const ran = await run(sh('echo out; echo err >&2; exit 3'), { log: 'own.txt' });
    expect(ran.end).toMatchObject({ ending: 'exited', exitCode: 3, signal: null, leftovers: false });
    expect(ran.end.reason).toBe('exited with code 3.');
    expect(ran.log.toString()).toBe('out\nerr\n');
    expect(statSync(path.join(root, 'own.txt')).mode & 0o777).toBe(0o600);
  });

  test('runs in the root of the workspace, without input, its bytes kept as they are', async () => {
    const ran = await run(sh('pwd; cat; printf "\\377\\376\\000"'));
    expect(ran.end).toMatchObject({ ending: 'exited', exitCode: 0 });
    expect(ran.log).toEqual(Buffer.concat([Buffer.from(`${root}\n`), Buffer.from([0xff, 0xfe, 0])]));
  });

  test('that something kills is not one that exited', async () => {
    expect((await run(sh('kill -KILL $$'))).end).toMatchObject({
      ending: 'signalled',
      exitCode: null,
      signal: 'SIGKILL',
      reason: 'was killed by SIGKILL.',
    });
  });

  test('sees the variables that were allowed and no other', async () => {
    vi.stubEnv('CANARY_TOKEN', 'canary-canary');
    const { log } = await run(['env'], { env: { LANG: 'C' } });
    vi.unstubAllEnvs();
    const names = log.toString().match(/^[^=\n]+/gm);
    expect(names?.sort()).toEqual(['LANG', 'PATH', 'SPEC_KIT_RUN_ID']);
  });

  test('that runs too long is asked to end, and may say goodbye', async () => {
    const ran = await run(sh('trap "echo bye; exit 0" TERM; echo hi; sleep 30 & wait'), { timeoutMs: 300 });
    expect(ran.end).toMatchObject({ ending: 'timeout', reason: 'was ended: it ran longer than 300 ms.' });
    expect(ran.log.toString()).toBe('hi\nbye\n');
    expect(ran.survivors).toEqual([]);
  });

  test('that ignores the request is killed with its children', async () => {
    const ran = await run(sh('trap "" TERM; sleep 30 & sleep 30'), { timeoutMs: 200 });
    expect(ran.end).toMatchObject({ ending: 'timeout', signal: 'SIGKILL', leftovers: false });
    expect(ran.survivors).toEqual([]);
  });

  test('with no time at all times out', async () => {
    expect((await run(['sleep', '30'], { timeoutMs: 0 })).end.ending).toBe('timeout');
  });

  test('has the time it was given, even more than a timer can hold', async () => {
    expect((await run(['true'], { timeoutMs: 1e12 })).end.ending).toBe('exited');
  });

  test('that is cancelled ends with its children', async () => {
    const abort = new AbortController();
    const running = run(sh('echo up > cancel-me; sleep 30 & sleep 30'), { signal: abort.signal });
    expect(
      await eventually(() => statSync(path.join(root, 'cancel-me'), { throwIfNoEntry: false }) !== undefined),
    ).toBe(true);
    abort.abort();
    const ran = await running;
    expect(ran.end).toMatchObject({ ending: 'cancelled', leftovers: false });
    expect(ran.survivors).toEqual([]);
  });

  test('that was cancelled before does not start', async () => {
    const ran = await run(sh('echo ran > never'), { signal: AbortSignal.abort() });
    expect(ran.end).toMatchObject({ ending: 'cancelled', reason: 'was cancelled before it started.' });
    expect(statSync(path.join(root, 'never'), { throwIfNoEntry: false })).toBeUndefined();
  });

  test('that fills the disk is ended at once', async () => {
    const ran = await run(['yes']);
    expect(ran.end).toMatchObject({ ending: 'truncated', signal: 'SIGKILL' });
    expect(ran.log.length).toBeGreaterThan(limits.maxLogBytes);
  });

  test('that wrote too much and exited before anybody looked is truncated too', async () => {
    const ran = await run(['head', '-c', `${limits.maxLogBytes + 1}`, '/dev/zero']);
    expect(ran.end).toMatchObject({ ending: 'truncated', exitCode: 0 });
    expect((await run(['head', '-c', `${limits.maxLogBytes}`, '/dev/zero'])).end.ending).toBe('exited');
  });
});

describe.concurrent('what a command leaves behind', () => {
  test('a child in the background is ended, though it holds the output open', async () => {
    const ran = await run(sh('sleep 30 & exit 0'));
    expect(ran.end).toMatchObject({ ending: 'exited', exitCode: 0, leftovers: true });
    expect(ran.survivors).toEqual([]);
  });

  test('a child that is about to end by itself may do so', async () => {
    const ran = await run(sh('(sleep 0.01; echo done) & exit 0'));
    expect(ran.end).toMatchObject({ ending: 'exited', leftovers: false });
    expect(ran.log.toString()).toBe('done\n');
  });

  test.runIf(process.platform === 'linux').each([
    ['a process in a session of its own', 'setsid sleep 30 >/dev/null 2>&1 & sleep 0.1'],
    ['a daemon', '(setsid sh -c "sleep 30 >/dev/null 2>&1 & exit 0" &); sleep 0.2'],
    ['a daemon without its environment', '(setsid sh -c "env -i sleep 30 & exit 0" &); sleep 0.2'],
    ['two hundred processes', 'i=0; while [ $i -lt 200 ]; do sleep 30 & i=$((i+1)); done'],
  ])('%s is hunted down after a normal end', async (_, text) => {
    const ran = await run(sh(`${text}; exit 0`));
    expect(ran.end).toMatchObject({ ending: 'exited', exitCode: 0, leftovers: true });
    expect(ran.survivors).toEqual([]);
  });

  test.runIf(process.platform === 'linux')('a daemon is hunted down after a timeout', async () => {
    const ran = await run(
      sh('(setsid sh -c "trap \'\' TERM; sleep 30 & sleep 30" &); trap "" TERM; sleep 30'),
      {
        timeoutMs: 300,
      },
    );
    expect(ran.end).toMatchObject({ ending: 'timeout', leftovers: true });
    expect(ran.survivors).toEqual([]);
  });

  test.runIf(process.platform === 'linux')('nothing of another run is touched', async () => {
    const other = run(['sleep', '1.5']);
    expect((await run(sh('sleep 30 & exit 0'))).end.leftovers).toBe(true);
    expect((await other).end).toMatchObject({ ending: 'exited', exitCode: 0 });
  });
});

describe('a command that cannot start', () => {
  test.each([
    ['there is no such program on the PATH', ['no-such-program-here']],
    ['there is no such program', ['./missing.sh']],
    ['there is no such program', ['/no/such/program']],
    ['there is no such program', []],
    ['there is no such program', ['a\0b']],
    ['its program is not a file', ['/usr/bin/']],
    ['its program is outside the workspace', ['../escape.sh']],
    ['its program is outside the workspace', ['./linked-outside.sh']],
    ['its program is not executable', ['./plain.txt']],
    ['its program is neither a program nor a script with a #! line', ['./empty.sh']],
    ['its program is neither a program nor a script with a #! line', ['./no-shebang.sh']],
    ['the interpreter that its #! line names does not exist', ['./lost-interpreter.sh']],
    ['its arguments are longer than the system allows', ['true', 'x'.repeat(4_000_000)]],
    ['an argument holds a NUL', ['true', 'a\0b']],
  ])('says that %s', async (problem, argv) => {
    script('plain.txt', '#!/bin/sh\nexit 0\n', 0o644);
    script('empty.sh', '');
    script('no-shebang.sh', 'exit 0\n');
    script('lost-interpreter.sh', '#!/no/such/interpreter\n');
    writeFileSync(path.join(outside, 'tool.sh'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
    rmSync(path.join(root, 'linked-outside.sh'), { force: true });
    symlinkSync(path.join(outside, 'tool.sh'), path.join(root, 'linked-outside.sh'));
    const ran = await run(argv);
    expect(ran.end).toMatchObject({
      ending: 'not_started',
      exitCode: null,
      reason: `could not start: ${problem}.`,
    });
    expect(ran.log.length).toBe(0);
  });

  test('a path of the workspace starts what lies there, a bare name never does', async () => {
    mkdirSync(path.join(root, 'bin'));
    script('bin/mine', '#!/bin/sh\necho "$0"\n');
    const env = { PATH: `${path.join(root, 'bin')}:bin::.:${PATH}` };
    expect((await run(['bin/mine'], { env })).end).toMatchObject({ ending: 'exited', exitCode: 0 });
    expect((await run(['mine'], { env })).end.ending).toBe('not_started');
  });
});

describe('the log', () => {
  test.each([
    ['that exists is not written to', 'exists.txt', 'FILE_UNAVAILABLE'],
    ['that is a link is not followed', 'link.txt', 'FILE_UNAVAILABLE'],
    ['outside the workspace is refused', '../log.txt', 'OUTSIDE_WORKSPACE'],
  ])('%s', async (_, log, code) => {
    writeFileSync(path.join(root, 'exists.txt'), 'mine');
    rmSync(path.join(root, 'link.txt'), { force: true });
    symlinkSync(path.join(outside, 'target.txt'), path.join(root, 'link.txt'));
    await expect(run(['echo', 'over'], { log })).rejects.toMatchObject({ code });
    expect(readFileSync(path.join(root, 'exists.txt'), 'utf8')).toBe('mine');
    expect(statSync(path.join(outside, 'target.txt'), { throwIfNoEntry: false })).toBeUndefined();
  });
});
