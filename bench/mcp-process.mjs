// One MCP server over stdio as a raw process: spawn, send lines, read lines, and what the kernel says it cost.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

export function startServer(args, cwd) {
  const started = performance.now();
  const child = spawn(process.execPath, args, { cwd, stdio: ['pipe', 'pipe', 'ignore'] });
  const waiting = new Map();
  createInterface({ input: child.stdout }).on('line', line => {
    const message = JSON.parse(line);
    waiting.get(message.id)?.({ message, bytes: Buffer.byteLength(line) });
    waiting.delete(message.id);
  });
  let nextId = 0;
  const send = message => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const request = (method, params) =>
    new Promise(resolve => {
      const id = ++nextId;
      waiting.set(id, resolve);
      send({ id, method, params });
    });
  return {
    started,
    request,
    async initialize() {
      await request('initialize', {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'bench', version: '1' },
      });
      send({ method: 'notifications/initialized' });
    },
    /** CPU milliseconds of all threads so far, and the most memory ever resident, in MiB. */
    cost() {
      const threads = readdirSync(`/proc/${child.pid}/task`);
      const ran = threads.map(id => Number(readFileSync(`/proc/${child.pid}/task/${id}/schedstat`, 'latin1').split(' ')[0]));
      const status = readFileSync(`/proc/${child.pid}/status`, 'latin1');
      return {
        cpu: ran.reduce((sum, ns) => sum + ns, 0) / 1e6,
        rss: Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024,
      };
    },
    stop: () =>
      new Promise(resolve => {
        child.once('exit', resolve);
        child.stdin.end();
      }),
  };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
