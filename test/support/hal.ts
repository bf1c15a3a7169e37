import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { HalCapture, type HalReport, HalRequest } from '../../schemas/hal.js';
import { readEnvironment } from '../../src/bin/environment.js';
import { judge } from '../../src/hal/judge.js';
import { halSmoke } from '../../src/hal/smoke.js';
import { createSendRequest } from '../../src/ports/http.js';
import { SPEC_ID, writePacket } from './packet.js';
import { openTest, type Repository } from './repository.js';

export const KEY = 'canary-7f3a9c51-key';

/** Serves until the test ends; the base URL is the result. */
export async function listen(server: Server, host = '127.0.0.1'): Promise<string> {
  server.listen(0, host);
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  return `http://${host.includes(':') ? `[${host}]` : host}:${portOf(server)}`;
}

export function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** An HTTP server; its connections are cut when the test ends. */
export async function serveHttp(listener: RequestListener, host?: string): Promise<string> {
  const server = createServer(listener);
  onTestFinished(() => server.closeAllConnections());
  return listen(server, host);
}

/** Whatever bytes one likes. */
export async function serveRaw(talk: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createTcpServer(socket => {
    sockets.add(socket.on('error', () => {}));
    socket.once('data', () => talk(socket));
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  return listen(server);
}

/** Answers every request with the same, and keeps what was asked. */
export async function serveOne(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array = '',
): Promise<{ url: string; asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  const url = await serveHttp((request, response) => {
    asked.push(request);
    response.writeHead(status, headers).end(body);
  });
  return { url, asked };
}

/** A port where nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

export interface SmokeOptions {
  readonly profile?: unknown;
  readonly toml?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly checks?: string[];
  readonly trusted?: boolean;
  readonly signal?: AbortSignal;
}

/** Runs the tool's core in a committed packet, against `url` as the operator's order. */
export async function smoke(
  repo: Repository,
  url: string | undefined,
  { profile, toml = '', env = {}, checks, trusted = true, signal }: SmokeOptions = {},
) {
  if (profile !== undefined)
    repo.write('docs/hal/hal_profile.json', typeof profile === 'string' ? profile : JSON.stringify(profile));
  writePacket(repo, toml);
  const digest = createHash('sha256').update(toml).digest('hex');
  const { operator } = readEnvironment({
    HAL_SECRET_KAVEDARR_API_KEY: KEY,
    ...(url === undefined ? {} : { SPEC_OPS_HAL_BASE_URL: url }),
    ...(trusted && toml !== '' ? { SPEC_KIT_TRUST: digest } : {}),
    ...env,
  });
  const workspace = openTest(repo.root, operator);
  const report = await halSmoke(
    { specId: SPEC_ID, checks },
    { workspace, signal: signal ?? new AbortController().signal, progress: async () => {} },
  );
  return { report, workspace };
}

/** One check `probe` with the given request. */
export const probe = (request: Readonly<Record<string, unknown>> = {}) => ({
  probe: { method: 'GET', path: '/probe', ...request },
});

export function checkOf(report: HalReport, name = 'probe') {
  const check = report.checks.find(each => each.name === name);
  if (check === undefined) throw new Error(`no check ${name}`);
  return check;
}

export function captureOf(repo: Repository, report: HalReport, name = 'probe'): HalCapture {
  const path = report.hal.summary.artifacts.find(each => each.endsWith(`-hal-${name}.json`));
  if (path === undefined) throw new Error(`no capture of ${name}`);
  return HalCapture.parse(JSON.parse(repo.read(path)));
}

/** What a check makes of the answer at `url`, without a workspace around it. */
export async function verdictOn(url: string, request: Readonly<Record<string, unknown>>) {
  const check = HalRequest.parse({ method: 'GET', path: '/probe', ...request });
  const exchange = await createSendRequest()({
    origin: url,
    method: check.method,
    path: check.path,
    headers: {},
    body: check.body === undefined ? undefined : JSON.stringify(check.body),
    timeoutMs: 10_000,
    maxBodyBytes: 1024 * 1024,
    signal: new AbortController().signal,
  });
  return judge(check, exchange, text => text);
}
