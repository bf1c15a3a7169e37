// The bundled program serving HTTP on a copy of the example workspace, and what the kernel says of it.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const root = path.join(import.meta.dirname, '../..');
const TOKEN = 'load-test-token-0123456789abcdef';
const SPEC = 'SPEC-KIT-DEMO';

/** A committed workspace whose plan guardrail runs one command that takes `ms`. */
function makeWorkspace(ms) {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'spec-kit-load-')));
  cpSync(path.join(root, 'examples/kavedarr'), folder, { recursive: true });
  const argv = JSON.stringify([process.execPath, '-e', `setTimeout(() => {}, ${ms})`]);
  writeFileSync(path.join(folder, 'spec-kit.toml'), `[commands.wait]\nargv = ${argv}\n`);
  const git = (...args) => execFileSync('git', args, { cwd: folder, stdio: 'pipe' });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('-c', 'user.name=load', '-c', 'user.email=load@example.com', 'commit', '-qm', 'load');
  return folder;
}

async function freePort() {
  const server = createServer();
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise(resolve => server.close(resolve));
  return port;
}

/** `ms`: how long the command of the plan guardrail takes. */
export async function startServer(ms) {
  const workspace = makeWorkspace(ms);
  const trust = createHash('sha256').update(readFileSync(path.join(workspace, 'spec-kit.toml'))).digest('hex');
  const port = await freePort();
  const program = path.join(root, 'dist/bin/spec-kit-mcp.js');
  const child = spawn(process.execPath, [program, 'serve', '--http', '--port', String(port), '--workspace', workspace], {
    env: { PATH: process.env.PATH, HOME: workspace, SPEC_KIT_HTTP_TOKEN: TOKEN, SPEC_KIT_TRUST: trust, SPEC_OPS_ALLOW_DIRTY: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', chunk => {
    log += chunk;
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const ask = (method, at, headers, body) => exchange({ agent, port, method, path: at, headers, body });
  const server = {
    spec: SPEC,
    workspace,
    child,
    log: () => log,
    health: () => ask('GET', '/healthz', {}),
    call: (name, args) => callTool(ask, name, args),
    figures: () => figures(child.pid),
    async stop() {
      const startedAt = performance.now();
      const exited = new Promise(resolve => child.once('exit', code => resolve(code)));
      child.kill('SIGTERM');
      const code = await exited;
      agent.destroy();
      rmSync(workspace, { recursive: true, force: true });
      return { code, ms: performance.now() - startedAt };
    },
  };
  for (let tries = 0; tries < 100; tries++) {
    if ((await server.health().catch(() => undefined))?.status === 200) return server;
    await delay(50);
  }
  throw new Error(`The server did not start: ${log}`);
}

function exchange({ agent, port, method, path: at, headers, body }) {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const outgoing = request({ agent, host: '127.0.0.1', port, method, path: at, headers }, incoming => {
      let text = '';
      incoming.setEncoding('utf8').on('data', chunk => {
        text += chunk;
      });
      incoming.on('end', () => resolve({ status: incoming.statusCode, text, ms: performance.now() - startedAt }));
      incoming.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

let nextId = 0;

/** One `tools/call` of the 2026-07-28 era. `error`: undefined, '429', 'BUSY', 'RATE_LIMITED', or what went wrong. */
async function callTool(ask, name, args) {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'load', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const body = JSON.stringify({ jsonrpc: '2.0', id: ++nextId, method: 'tools/call', params: { name, arguments: args, _meta } });
  const answer = await ask('POST', '/mcp', {
    authorization: `Bearer ${TOKEN}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': name,
  }, body);
  return { ...answer, error: errorOf(answer) };
}

function errorOf({ status, text }) {
  if (status === 429) return '429';
  if (status !== 200) return `HTTP ${status}`;
  const data = text.startsWith('event:') || text.startsWith('data:') ? (text.split('data: ').at(-1) ?? '') : text;
  const { result, error } = JSON.parse(data);
  if (error !== undefined) return `error ${error.code}`;
  if (!result.isError) return undefined;
  return /\((BUSY|RATE_LIMITED)\)/.exec(result.content[0].text)?.[1] ?? result.content[0].text;
}

/** Resident memory in MiB, open file descriptors, and child processes (a watchdog included). */
function figures(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return {
    rss: Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024,
    fds: readdirSync(`/proc/${pid}/fd`).length,
    children: childrenOf(pid).length,
  };
}

export function childrenOf(pid) {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(name => {
      try {
        return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'latin1'))?.[1]) === pid;
      } catch {
        return false;
      }
    })
    .map(Number);
}

export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
