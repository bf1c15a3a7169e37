import { cpSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { run, start } from './processes.mjs';
import { CHECKOUT } from './readme.mjs';

const manifest = JSON.parse(readFileSync(path.join(CHECKOUT, 'package.json'), 'utf8'));
export const BIN = path.join(CHECKOUT, manifest.bin['spec-kit-mcp']);
const TOKEN = 'token-of-the-client-test-0123456789';
const TOKEN_VARIABLE = 'SPEC_KIT_HTTP_TOKEN';

/** The example workspace in a git repository of its own, with what `prepare` adds to it committed as well. */
export async function makeWorkspace(folder, env, prepare = () => {}) {
  cpSync(path.join(CHECKOUT, 'examples/kavedarr'), folder, { recursive: true });
  prepare(folder);
  const identity = ['-c', 'user.name=Clients', '-c', 'user.email=clients@example.org'];
  for (const args of [
    ['init', '-q', '-b', 'main'],
    ['add', '-A'],
    [...identity, 'commit', '-q', '-m', 'Workspace'],
  ]) {
    const { code, stderr } = await run('git', args, { cwd: folder, env, limitMs: 20_000 });
    if (code !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  }
}

/** What the CLI twin says about the workspace: the truth that the model is to be told. */
export async function lintByCommand(workspace, env) {
  const out = await run('node', [BIN, 'lint', '--json'], { cwd: workspace, env, limitMs: 20_000 });
  if (out.code !== 0 && out.code !== 1)
    throw new Error(`lint --json ended with ${out.code}: ${tail(out.stderr)}`);
  return JSON.parse(out.stdout);
}

/** What the server itself lists, asked without a client: the tools, and the bytes of the answer on the wire. */
export async function listByProtocol(workspace, env) {
  const out = start('node', [BIN, 'serve'], { cwd: workspace, env, stdio: ['pipe', 'pipe', 'pipe'] });
  const clientInfo = { name: 'clients', version: '1' };
  const messages = [
    { id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo } },
    { method: 'notifications/initialized' },
    { id: 2, method: 'tools/list' },
  ];
  for (const message of messages)
    out.child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const answers = () => out.stdout.split('\n').slice(0, -1);
  const line = await within(15_000, () => answers().find(text => JSON.parse(text).id === 2));
  out.child.stdin.end();
  await out.ended;
  if (line === undefined) throw new Error(`serve did not list its tools: ${tail(out.stderr)}`);
  return { tools: JSON.parse(line).result.tools, bytes: Buffer.byteLength(line) };
}

/** How a client reaches the server: a command to start, or a running process on a free port with a token. */
export async function makeServer(transport, workspace, env) {
  if (transport === 'stdio') return { command: 'node', args: [BIN, 'serve'], stop: async () => [] };
  const out = start('node', [BIN, 'serve', '--http', '--port', '0', '--workspace', workspace], {
    cwd: workspace,
    env: { ...env, [TOKEN_VARIABLE]: TOKEN },
  });
  const url = await within(15_000, () => /http:\/\/127\.0\.0\.1:\d+\/\S*/.exec(out.stderr)?.[0]);
  if (url === undefined) throw new Error(`serve --http named no address: ${tail(out.stderr)}`);
  const unasked = await fetch(url, { method: 'POST', body: '{}' });
  if (unasked.status !== 401) throw new Error(`serve --http answered ${unasked.status} without a token`);
  return { url, token: TOKEN, tokenVariable: TOKEN_VARIABLE, stop: () => stopServer(out) };
}

async function stopServer(out) {
  out.child.kill('SIGTERM');
  const timer = setTimeout(() => out.child.kill('SIGKILL'), 15_000);
  const code = await out.ended;
  clearTimeout(timer);
  return code === 0 ? [] : [`serve --http ended with ${code ?? 'SIGKILL'} on SIGTERM`];
}

/** What `look` finds, asked again until it finds something or the time is over. */
async function within(limitMs, look) {
  const end = performance.now() + limitMs;
  for (;;) {
    const found = look();
    if (found !== undefined || performance.now() > end) return found;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

/** The end of what a program said, on one line. */
export function tail(text) {
  return text.trim().replace(/\s+/g, ' ').slice(-300);
}
