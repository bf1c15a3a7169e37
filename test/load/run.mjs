// `npm run load`: a trivial tool from 8 connections, health while the run queue is full, 100 runs at once, and SIGTERM in
// the middle of it. Exit 1 when a bound does not hold.
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { childrenOf, percentile, startServer } from './server.mjs';

const SECONDS = 10;
const CONNECTIONS = 8;
/** Below the rate that one caller may have, so that a refusal is a fault. */
const EVERY_MS = 100;
const RUN_MS = 3000;

const lines = [];
let held = true;
function judge(ok, line) {
  held &&= ok;
  lines.push(`${ok ? 'ok  ' : 'OVER'} ${line}`);
}

async function trivial(server) {
  const answers = [];
  const until = performance.now() + SECONDS * 1000;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (performance.now() < until) {
        const answer = await server.call('spec_status', {});
        answers.push(answer);
        await delay(Math.max(0, EVERY_MS - answer.ms));
      }
    }),
  );
  const times = answers.map(({ ms }) => ms);
  const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)];
  const errors = answers.filter(({ error }) => error !== undefined).length;
  const shown = `${answers.length} calls, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
  judge(errors === 0, `trivial tool, ${CONNECTIONS} connections for ${SECONDS} s: ${errors} errors in ${shown}`);
  judge(p99 <= 5 * p50, `p99 is ${(p99 / p50).toFixed(1)} times p50 (bound 5)`);
}

async function overload(server) {
  const runs = Array.from({ length: 100 }, () => server.call('run_guardrail', { specId: server.spec, stage: 'plan' }));
  await delay(500);
  const health = [];
  for (let i = 0; i < 20; i++) {
    health.push(await server.health());
    await delay(50);
  }
  judge(health.every(({ status }) => status === 200), `health while the queue is full: 20 of 20 answered, p99 ${percentile(health.map(({ ms }) => ms), 0.99).toFixed(1)} ms`);
  const answers = await Promise.all(runs);
  const counts = new Map();
  for (const { error = 'done' } of answers) counts.set(error, (counts.get(error) ?? 0) + 1);
  const shown = [...counts].map(([kind, count]) => `${count} ${kind.slice(0, 80)}`).join(', ');
  judge([...counts.keys()].every(kind => ['done', 'BUSY', 'RATE_LIMITED', '429'].includes(kind)), `100 runs at once: ${shown}`);
}

async function drain(server) {
  const running = server.call('run_guardrail', { specId: server.spec, stage: 'plan' }).catch(() => undefined);
  await delay(1000);
  const children = childrenOf(server.child.pid);
  const { code, ms } = await server.stop();
  await running;
  judge(code === 0 && ms < 15_000, `SIGTERM during a run: exit ${code} after ${(ms / 1000).toFixed(1)} s (bound 15)`);
  await delay(3000);
  const alive = children.filter(pid => existsSync(`/proc/${pid}`));
  judge(children.length > 0 && alive.length === 0, `${children.length} children before, ${alive.length} alive 3 s after`);
}

const server = await startServer(RUN_MS);
try {
  await trivial(server);
  await overload(server);
} finally {
  await drain(server);
}
console.log(lines.join('\n'));
process.exitCode = held ? 0 : 1;
