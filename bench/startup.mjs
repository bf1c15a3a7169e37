// Spawn to tools/list answered, and a call that does next to nothing: ours against a hello-world server on the same SDK.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { median, startServer } from './mcp-process.mjs';

const ROUNDS = 15;
const CALLS = 300;
const here = import.meta.dirname;
const servers = {
  hello: { args: [path.join(here, 'hello.mjs')], call: { name: 'echo', arguments: { message: 'hi' } } },
  ours: {
    args: [path.join(here, '../dist/bin/spec-kit-mcp.js'), 'serve'],
    call: { name: 'spec_status', arguments: {} },
  },
};

async function round({ args, call }, cwd) {
  const server = startServer(args, cwd);
  await server.initialize();
  const { bytes } = await server.request('tools/list', {});
  const list = performance.now() - server.started;
  const { cpu, rss } = server.cost();
  await server.request('tools/call', call);
  const times = [];
  for (let i = 0; i < CALLS; i++) {
    const start = performance.now();
    await server.request('tools/call', call);
    times.push(performance.now() - start);
  }
  await server.stop();
  return { list, cpu, rss, bytes, call: median(times) };
}

export async function startup() {
  const cwd = mkdtempSync(path.join(tmpdir(), 'spec-kit-bench-'));
  try {
    execFileSync('git', ['init', '-q'], { cwd });
    const rounds = [];
    for (let i = 0; i <= ROUNDS; i++) {
      const order = i % 2 === 0 ? ['hello', 'ours'] : ['ours', 'hello'];
      const result = {};
      for (const name of order) result[name] = await round(servers[name], cwd);
      if (i > 0) rounds.push(result);
    }
    const ratio = figure => median(rounds.map(({ ours, hello }) => ours[figure] / hello[figure]));
    return [
      { what: 'spawn to tools/list, wall: ours / hello-world on the same SDK', value: ratio('list'), bound: 1.1 },
      { what: 'spawn to tools/list, CPU: ours / hello-world', value: ratio('cpu'), bound: 1.1 },
      { what: 'peak RSS after tools/list: ours / hello-world', value: ratio('rss'), bound: 1.1 },
      { what: 'tools/list in KB', value: rounds[0].ours.bytes / 1024, bound: 12 },
      { what: 'spec_status without specs, p50: ours / hello-world echo', value: ratio('call'), bound: 1.5 },
    ];
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}
