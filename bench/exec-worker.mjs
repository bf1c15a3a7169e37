// One variant in a process of its own: `exec-worker.mjs VARIANT` prints its CPU (own and of ended children, in ms) and peak RSS (MiB).
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRunCommand } from '../dist/src/ports/exec.js';
import { createCopyLog } from '../dist/src/ports/log.js';
import { createRedactor } from '../dist/src/redact/redactor.js';

const RUNS = 50;
const BIG = ['head', '-c', `${2 ** 30}`, '/dev/zero'];
const root = mkdtempSync(path.join(tmpdir(), 'spec-kit-bench-'));
const at = name => path.join(root, name);
const env = { PATH: process.env.PATH };

function bare([program, ...args], output) {
  return new Promise(resolve => {
    spawn(program, args, { cwd: root, env, stdio: ['ignore', output, output] }).on('exit', resolve);
  });
}

async function ours(argv, limits = {}) {
  const runCommand = createRunCommand({ root, env, limits });
  const copyLog = createCopyLog({ root, redactor: createRedactor(['a-secret-of-this-run']) });
  await runCommand({ argv, timeoutMs: 60_000, log: 'raw', signal: new AbortController().signal });
  await copyLog('raw', 'kept');
  for (const name of ['raw', 'kept']) rmSync(at(name));
}

async function times(runs, act) {
  for (let i = 0; i < runs; i++) await act();
}

const variants = {
  'bare trivial': () => times(RUNS, () => bare(['true'], 'ignore')),
  'our trivial': () => times(RUNS, () => ours(['true'])),
  async 'file and hash'() {
    const fd = openSync(at('raw'), 'w');
    await bare(BIG, fd);
    closeSync(fd);
    const hash = createHash('sha256');
    const buffer = Buffer.alloc(256 * 1024);
    const source = openSync(at('raw'), 'r');
    for (let read = 1; read > 0; ) {
      read = readSync(source, buffer);
      hash.update(buffer.subarray(0, read));
    }
    hash.digest('hex');
  },
  'our 1 GB': () => ours(BIG),
  'our 1 GB without a cap': () => ours(BIG, { maxLogBytes: Number.POSITIVE_INFINITY }),
};

function spent() {
  const { user, system } = process.cpuUsage();
  const [childUser, childSystem] = readFileSync('/proc/self/stat', 'latin1').split(') ')[1].split(' ').slice(13, 15);
  return (user + system) / 1000 + (Number(childUser) + Number(childSystem)) * 10;
}

const act = variants[process.argv[2]];
try {
  // What a long-lived server pays once: loading execa, starting the watchdog.
  const before = spent();
  if (process.argv[2] === 'our trivial') await ours(['true']);
  const warm = spent();
  await act();
  const runs = process.argv[2].endsWith('trivial') ? RUNS : 1;
  const rss = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
  console.log(JSON.stringify({ cpu: (spent() - warm) / runs, once: warm - before, rss }));
} finally {
  rmSync(root, { recursive: true });
}
