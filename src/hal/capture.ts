import type { HalCapture, HalCause, HalCheck, HalExpectation } from '../../schemas/hal.js';
import { sha256Of } from '../evidence/digest.js';
import { redactorOf } from '../evidence/redaction.js';
import type { HttpExchange, HttpResponse } from '../workspace/http.js';
import type { Redactor } from '../workspace/redactor.js';
import type { Workspace } from '../workspace/workspace.js';
import type { Filled } from './request.js';

/** What is kept of a body. Its true size and digest are kept beside it. */
const MAX_STORED_BYTES = 256 * 1024;

/** What was sent and what came back, as far as it got. */
export interface Sent {
  readonly request: Filled;
  /** What the check demands, so that the capture can be judged again without the profile. */
  readonly expect: HalExpectation;
  readonly exchange: HttpExchange | undefined;
  readonly attempts: number;
  /** ISO 8601 in UTC. */
  readonly at: string;
}

export function captureName(sessionId: string, check: string): string {
  return `${sessionId}-hal-${check}.json`;
}

/** The bytes of a capture: redacted, and such that redacting them again changes nothing. */
export function captureBytes(
  workspace: Workspace,
  { specId, sessionId }: { readonly specId: string; readonly sessionId: string },
  sent: Sent,
  check: HalCheck,
): Buffer {
  const redactor = redactorOf(workspace);
  const { request, expect, exchange, attempts, at } = sent;
  const capture: HalCapture = {
    schemaVersion: 1,
    check: check.name,
    specId,
    sessionId,
    timestamp: at,
    request: {
      method: request.method,
      url: redactor.text(`${request.origin}${request.path}`),
      headers: redactor.json({ ...request.headers }),
      body: request.body === undefined ? null : redactor.text(request.body),
    },
    ...(Object.keys(expect).length === 0 ? {} : { expect: redactor.json(expect) }),
    address: exchange?.address ?? null,
    response: exchange?.response === undefined ? null : responseOf(redactor, exchange.response),
    error: errorOf(exchange),
    attempts,
    durationMs: check.durationMs,
    result: { status: check.status, cause: check.cause ?? null, message: check.message },
  };
  return stableBytes(redactor, capture);
}

function errorOf(exchange: HttpExchange | undefined): { cause: HalCause; message: string } | null {
  const failure = exchange?.failure;
  return failure === undefined ? null : { cause: failure.cause, message: `The server ${failure.reason}.` };
}

function responseOf(redactor: Redactor, response: HttpResponse): NonNullable<HalCapture['response']> {
  const { status, headers, body, bodyEnd } = response;
  const whole = bodyEnd === 'whole';
  const kept = redactor.stream(0, MAX_STORED_BYTES);
  const text = Buffer.concat([kept.push(body), kept.end()]).toString();
  const copied = Object.fromEntries(
    Object.entries(headers).map(([name, values]) => [
      name,
      values.map(value => headerText(redactor, name, value)),
    ]),
  );
  return {
    status,
    headers: copied,
    body: {
      text: bodyEnd === 'unread' ? null : text,
      bytes: whole ? body.length : null,
      bytesRead: body.length,
      sha256: whole ? sha256Of(body) : null,
      truncated: !whole || body.length > MAX_STORED_BYTES,
      utf8: isUtf8(body),
    },
  };
}

/** By its name a header may hold a secret that nobody told us. */
function headerText(redactor: Redactor, name: string, value: string): string {
  return Object.values(redactor.json({ [name]: value }))[0] ?? '';
}

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

const WITHHELD = '[withheld: it could not be stored without the secret in it]';

/**
 * Redaction reads the file as text, in which an escaped character may look like a part of a secret. Then the escapes are
 * written in a longer form; where even that does not help, what came over the wire is withheld.
 */
function stableBytes(redactor: Redactor, capture: HalCapture): Buffer {
  const plain = `${JSON.stringify(capture, null, 2)}\n`;
  for (const text of [plain, plain.replaceAll(/\\(["\\/bfnrt])/g, longEscape)])
    if (redactor.text(text) === text) return Buffer.from(text);
  return Buffer.from(redactor.text(`${JSON.stringify(withheld(capture), null, 2)}\n`));
}

function longEscape(_: string, short: string): string {
  const character: unknown = JSON.parse(`"\\${short}"`);
  const code = typeof character === 'string' ? character.charCodeAt(0) : 0xfffd;
  return `\\u${code.toString(16).padStart(4, '0')}`;
}

function withheld(capture: HalCapture): HalCapture {
  const { request, response } = capture;
  return {
    ...capture,
    request: { ...request, url: WITHHELD, headers: {}, body: WITHHELD },
    response:
      response === null
        ? null
        : { ...response, headers: {}, body: { ...response.body, text: WITHHELD, truncated: true } },
    result: { ...capture.result, message: WITHHELD },
  };
}
