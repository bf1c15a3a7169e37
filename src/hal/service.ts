import type { CheckStatus } from '../../schemas/guardrail.js';
import type { HalCause } from '../../schemas/hal.js';
import type { Command } from '../../schemas/settings.js';
import { withCargoManifest } from '../settings/cargo-manifest.js';
import type { CommandEnd } from '../workspace/command.js';
import type { HttpExchange } from '../workspace/http.js';
import type { Smoke } from './checks.js';
import type { HalRunCheck } from './hal.js';

export const START = 'start';
const PROBE_MS = 2000;
const POLL_MS = 100;

/** What the checks of a run left, and whether the command that was to serve them did. */
export interface Served {
  readonly start: HalRunCheck;
  /** Undefined when there was nobody to ask. */
  readonly checks: readonly HalRunCheck[] | undefined;
}

/**
 * Starts the command that serves the API, waits until it answers, has the checks run, and ends it with its whole group.
 * What answered is taken for this command only when nothing listened there before, and when it was alive before the first
 * request and after the last one.
 */
export async function serveDuring(
  smoke: Smoke,
  name: string,
  command: Command,
  run: () => Promise<readonly HalRunCheck[]>,
): Promise<Served> {
  const { options, target } = smoke;
  if (options.signal.aborted)
    return { start: started('not_run', 'cancelled', 'Not run: the call was cancelled.'), checks: undefined };
  const before = await probe(smoke, options.signal);
  if (before.failure?.cause !== 'refused')
    return {
      start: started('not_run', 'start', takenMessage(name, target.origin, before)),
      checks: undefined,
    };
  return supervised(smoke, name, command, run);
}

function takenMessage(name: string, origin: string, { failure }: HttpExchange): string {
  return failure === undefined || failure.cause !== 'dns'
    ? `"${name}" was not started: something else listens at ${origin} already, and it would have been asked instead. End it, or set another port.`
    : `"${name}" was not started: ${origin} ${failure.reason}.`;
}

async function supervised(
  smoke: Smoke,
  name: string,
  command: Command,
  run: () => Promise<readonly HalRunCheck[]>,
): Promise<Served> {
  const { workspace, options } = smoke;
  const stop = new AbortController();
  const logName = `${options.sessionId}-hal-${START}_log.txt`;
  const raw = `${options.staging}/${logName}.raw`;
  const life: { end?: CommandEnd } = {};
  const ended = workspace
    .runCommand({
      argv: withCargoManifest(command.argv, workspace.operator).argv,
      timeoutMs: command.timeout,
      log: raw,
      signal: AbortSignal.any([options.signal, stop.signal]),
    })
    .then(end => {
      life.end = end;
      return end;
    });
  let ready = false;
  let lasted = false;
  let checks: readonly HalRunCheck[] | undefined;
  try {
    ready = await answers(smoke, () => life.end !== undefined, ended);
    if (ready) checks = await run();
    // Its sockets close before the system tells of its end: only who is asked once more shows that it is still there.
    lasted = ready && (await probe(smoke, options.signal)).failure?.cause !== 'refused';
  } finally {
    stop.abort();
    await ended;
  }
  const end = await ended;
  const staged = `${options.staging}/${logName}`;
  const log = await workspace.copyLog(raw, staged);
  workspace.files.remove(raw);
  const file = { name: logName, staged, sha256: log.sha256, size: log.keptBytes };
  return {
    start: { ...verdict(smoke, name, end, { ready, lasted }), durationMs: end.durationMs, file },
    checks,
  };
}

/** True as soon as anything answers; false when the command ended, or the time to get ready is over. */
async function answers(smoke: Smoke, hasEnded: () => boolean, ended: Promise<unknown>): Promise<boolean> {
  const { workspace, options, settings } = smoke;
  const over = new AbortController();
  const enough = new AbortController();
  void workspace.wait(settings.ready, enough.signal).then(() => over.abort());
  void ended.then(
    () => over.abort(),
    () => over.abort(),
  );
  const signal = AbortSignal.any([options.signal, over.signal]);
  try {
    while (!signal.aborted) {
      const { response } = await probe(smoke, signal);
      if (response !== undefined) return !hasEnded();
      await workspace.wait(POLL_MS, signal);
    }
    return false;
  } finally {
    enough.abort();
  }
}

/** Asks for nothing in particular, without a secret. */
function probe({ workspace, target, settings }: Smoke, signal: AbortSignal): Promise<HttpExchange> {
  return workspace.http({
    origin: target.origin,
    method: 'GET',
    path: `${target.basePath}/`,
    headers: {},
    body: undefined,
    timeoutMs: Math.min(PROBE_MS, settings.timeout),
    maxBodyBytes: 0,
    signal,
  });
}

/** It was alive to the last when it had to be ended by us. */
function verdict(
  { options, settings, target }: Smoke,
  name: string,
  end: CommandEnd,
  { ready, lasted }: { readonly ready: boolean; readonly lasted: boolean },
): HalRunCheck {
  const said = `"${name}" ${end.reason}`;
  if (options.signal.aborted) return started('not_run', 'cancelled', said);
  if (end.ending === 'not_started') return started('not_run', 'start', said);
  if (end.ending !== 'cancelled')
    return started(
      'failed',
      'start',
      ready
        ? `${said} That was before the checks were done, so nobody knows what answered them.`
        : `${said} It never answered at ${target.origin}.`,
    );
  if (!ready)
    return started(
      'failed',
      'start',
      `"${name}" did not answer at ${target.origin} within ${settings.ready} ms and was ended.`,
    );
  if (!lasted)
    return started(
      'failed',
      'start',
      `"${name}" was gone from ${target.origin} before the checks were done, so nobody knows what answered them.`,
    );
  return {
    name: START,
    status: 'passed',
    message: `"${name}" served ${target.origin}, where nothing listened before, and was alive until it was ended.`,
    durationMs: 0,
  };
}

function started(status: CheckStatus, cause: HalCause, message: string): HalRunCheck {
  return { name: START, status, cause, message, durationMs: 0 };
}
