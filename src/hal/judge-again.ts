import type { HalCapture, HalRequest } from '../../schemas/hal.js';
import type { HttpExchange } from '../workspace/http.js';
import { judge } from './judge.js';

const HIDDEN = '[redacted]';

/** What a capture shows, without believing what it says: undefined when it supports a pass, else why it does not. */
export function denialOf(capture: HalCapture): string | undefined {
  if (capture.error !== null) return `the capture says ${capture.error.message.slice(0, 200)}`;
  const { response } = capture;
  if (response === null) return 'the capture holds no answer';
  const { cause, words } = judge(requestOf(capture), exchangeOf(capture, response), text => text);
  if (cause === undefined) return undefined;
  const isPartial = response.body.text === null || isCut(response.body) || !response.body.utf8;
  if (cause === 'body' && isPartial && response.body.bytes !== null) return undefined;
  const isHidden = [response.body.text ?? '', JSON.stringify(response.headers)].join('').includes(HIDDEN);
  if (cause === 'assertion' && (isHidden || isPartial)) return undefined;
  return `the capture shows that the service ${words}`;
}

function isCut({ text, bytes }: NonNullable<HalCapture['response']>['body']): boolean {
  return Buffer.byteLength(text ?? '') < (bytes ?? 0);
}

function requestOf({ request, expect }: HalCapture): HalRequest {
  const { pathname, search } = pathOf(request.url);
  return {
    method: methodOf(request.method),
    path: `${pathname}${search}`,
    headers: {},
    query: {},
    body: bodyOf(request.body),
    expect: expect ?? {},
    retry: 0,
  };
}

function pathOf(url: string): { readonly pathname: string; readonly search: string } {
  return URL.canParse(url) ? new URL(url) : { pathname: '/', search: '' };
}

function methodOf(method: string): HalRequest['method'] {
  const known = ['HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
  return known.find(one => one === method) ?? 'GET';
}

function bodyOf(body: string | null): HalRequest['body'] {
  if (body === null) return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function exchangeOf(
  { address, durationMs }: HalCapture,
  { status, headers, body }: NonNullable<HalCapture['response']>,
): HttpExchange {
  return {
    response: {
      status,
      headers,
      body: Buffer.from(body.text ?? ''),
      bodyEnd: body.bytes === null ? 'cut' : 'whole',
    },
    failure: undefined,
    address: address ?? undefined,
    durationMs,
  };
}
