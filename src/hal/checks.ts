import type { CheckStatus } from '../../schemas/guardrail.js';
import type { HalCause, HalProfile, HalRequest } from '../../schemas/hal.js';
import type { Settings } from '../../schemas/settings.js';
import { redactorOf } from '../evidence/redaction.js';
import type { HttpExchange } from '../workspace/http.js';
import type { Workspace } from '../workspace/workspace.js';
import { captureBytes, captureName, type Sent } from './capture.js';
import type { HalOptions, HalRunCheck } from './hal.js';
import { judge } from './judge.js';
import type { Resolve } from './placeholders.js';
import { type Filled, fillRequest } from './request.js';
import type { Target } from './target.js';

/** So many requests at a time: enough for a smoke test, and no load test. */
const AT_ONCE = 8;
const RETRY_MS = 250;
/** The rest of a longer body is not read, and such a body passes nothing. */
const MAX_BODY_BYTES = 1024 * 1024;

export interface Smoke {
  readonly workspace: Workspace;
  readonly options: HalOptions;
  readonly settings: Settings['hal'];
  readonly target: Target;
  readonly resolve: Resolve;
}

/** A check that sent nothing. */
export function unsent(name: string, status: CheckStatus, cause: HalCause, message: string): HalRunCheck {
  return { name, status, cause, message, durationMs: 0 };
}

/** Runs the checks side by side, within the time that all of them have. In the order of the profile. */
export async function runChecks(smoke: Smoke, requests: HalProfile): Promise<readonly HalRunCheck[]> {
  const { workspace, options, settings } = smoke;
  const late = new AbortController();
  const done = new AbortController();
  void workspace.wait(settings.deadline, done.signal).then(() => late.abort());
  const entries = Object.entries(requests);
  const checks = new Map<string, HalRunCheck>();
  const waiting = entries.values();
  const work = async () => {
    for (const [name, request] of waiting) {
      checks.set(name, await runCheck(smoke, name, request, late.signal));
      await options.progress(checks.size, entries.length, `hal ${name}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, entries.length) }, work));
  } finally {
    done.abort();
  }
  return entries.flatMap(([name]) => checks.get(name) ?? []);
}

async function runCheck(
  smoke: Smoke,
  name: string,
  request: HalRequest,
  late: AbortSignal,
): Promise<HalRunCheck> {
  const { settings, target, resolve, options } = smoke;
  const said = `${request.method} ${request.path.slice(0, 120)}`;
  if (options.signal.aborted)
    return unsent(name, 'not_run', 'cancelled', `${said} was not sent: the call was cancelled.`);
  if (late.aborted)
    return unsent(name, 'not_run', 'timeout', `${said} was not sent: ${allTime(settings.deadline)}.`);
  const filled = fillRequest(request, target, resolve);
  if ('cause' in filled)
    return unsent(name, 'failed', filled.cause, `${said} was not sent: ${filled.message}.`);
  const at = smoke.workspace.now().toISOString();
  const { exchange, attempts } = await send(smoke, filled, request.retry, late);
  const check = verdictOf(smoke, name, said, request, exchange, late);
  return withCapture(smoke, { request: filled, expect: request.expect, exchange, attempts, at }, check);
}

function allTime(deadlineMs: number): string {
  return `the ${deadlineMs} ms that all checks have together were over`;
}

/** A refused connection alone is tried again, and only as often as the check says. */
async function send(
  { workspace, options, settings }: Smoke,
  request: Filled,
  retry: number,
  late: AbortSignal,
): Promise<{ exchange: HttpExchange; attempts: number }> {
  const signal = AbortSignal.any([options.signal, late]);
  for (let attempts = 1; ; attempts++) {
    const exchange = await workspace.http({
      ...request,
      timeoutMs: settings.timeout,
      maxBodyBytes: MAX_BODY_BYTES,
      signal,
    });
    if (exchange.failure?.cause !== 'refused' || attempts > retry || signal.aborted)
      return { exchange, attempts };
    await workspace.wait(RETRY_MS, signal);
  }
}

function verdictOf(
  { workspace, settings, options }: Smoke,
  name: string,
  said: string,
  request: HalRequest,
  exchange: HttpExchange,
  late: AbortSignal,
): HalRunCheck {
  const { durationMs, response } = exchange;
  const seen = { name, durationMs, ...(response === undefined ? {} : { httpStatus: response.status }) };
  if (exchange.failure?.cause === 'cancelled')
    return late.aborted && !options.signal.aborted
      ? {
          ...seen,
          status: 'failed',
          cause: 'timeout',
          message: `${said} was ended: ${allTime(settings.deadline)}.`,
        }
      : {
          ...seen,
          status: 'not_run',
          cause: 'cancelled',
          message: `${said} was ended: the call was cancelled.`,
        };
  const redact = (text: string) => redactorOf(workspace).text(text);
  const { cause, words } = judge(request, exchange, redact);
  const message = `${said} ${words}.`;
  return cause === undefined
    ? { ...seen, status: 'passed', message }
    : { ...seen, status: 'failed', cause, message };
}

function withCapture({ workspace, options }: Smoke, sent: Sent, check: HalRunCheck): HalRunCheck {
  const name = captureName(options.sessionId, check.name);
  return { ...check, file: { name, bytes: captureBytes(workspace, options, sent, check) } };
}
