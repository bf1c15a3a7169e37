// `npm run soak [-- SECONDS]` (default 600): every kind of work without a pause; memory must not grow, and descriptors and
// children must be back where they were. Exit 1 when a bound does not hold.
import { setTimeout as delay } from 'node:timers/promises';
import { startServer } from './server.mjs';

const seconds = Number(process.argv[2] ?? 600);
const SLOPE_BOUND = 1;
const RSS_BOUND = 300;

/** Below the rates that one caller may have. */
const WORK = [
  ['spec_status', server => ({ specId: server.spec })],
  ['lint_tasks', () => ({})],
  ['verify_evidence', server => ({ specId: server.spec })],
  ['write_evidence', server => ({ specId: server.spec, name: 'soak.txt', content: 'soak '.repeat(2000) })],
  ['run_guardrail', server => ({ specId: server.spec, stage: 'plan' })],
  ['update_task', (_, turn) => ({ taskId: 'T1', pr: `#${turn}` })],
];

/** MiB a minute, by least squares. */
function slope(samples) {
  const mean = values => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [times, sizes] = [samples.map(({ at }) => at / 60_000), samples.map(({ rss }) => rss)];
  const [time, size] = [mean(times), mean(sizes)];
  const over = times.reduce((sum, at, i) => sum + (at - time) * (sizes[i] - size), 0);
  const under = times.reduce((sum, at) => sum + (at - time) ** 2, 0);
  return under === 0 ? 0 : over / under;
}

const server = await startServer(20);
const samples = [];
const errors = new Map();
let calls = 0;
const startedAt = performance.now();
const elapsed = () => performance.now() - startedAt;
try {
  await server.call('run_guardrail', { specId: server.spec, stage: 'plan' });
  const before = server.figures();
  for (let turn = 0; elapsed() < seconds * 1000; turn++) {
    const [name, args] = WORK[turn % WORK.length];
    const { error, ms } = await server.call(name, args(server, turn));
    calls++;
    if (error !== undefined) errors.set(`${name}: ${error.slice(0, 100)}`, (errors.get(`${name}: ${error.slice(0, 100)}`) ?? 0) + 1);
    // The first third is for warming up.
    if (turn % 10 === 0 && elapsed() > (seconds * 1000) / 3) samples.push({ at: elapsed(), ...server.figures() });
    await delay(Math.max(0, 250 - ms));
  }
  await delay(2000);
  const after = server.figures();
  const peak = Math.max(...samples.map(({ rss }) => rss));
  const growth = slope(samples);
  const verdicts = [
    [errors.size === 0, `${calls} calls in ${seconds} s, errors: ${[...errors].map(([what, count]) => `${count}x ${what}`).join('; ') || 'none'}`],
    [peak <= RSS_BOUND, `peak RSS ${peak.toFixed(0)} MiB (bound ${RSS_BOUND})`],
    // In less than five minutes the slope is mostly the noise of garbage collection.
    [seconds < 300 || growth <= SLOPE_BOUND, `RSS slope ${growth.toFixed(2)} MiB a minute${seconds < 300 ? ' (not judged in under 300 s)' : ` (bound ${SLOPE_BOUND})`}`],
    [after.fds <= before.fds + 2, `file descriptors ${before.fds} before, ${after.fds} after`],
    [after.children <= before.children, `children ${before.children} before, ${after.children} after`],
  ];
  for (const [ok, line] of verdicts) console.log(`${ok ? 'ok  ' : 'OVER'} ${line}`);
  process.exitCode = verdicts.every(([ok]) => ok) ? 0 : 1;
} finally {
  await server.stop();
}
