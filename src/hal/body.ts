import type { HttpResponse } from '../workspace/http.js';

/** What a body says. `problem` follows the request in a sentence. */
export type Body =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'other' | 'none' }
  | { readonly kind: 'bad'; readonly problem: string };

/** Reads a body as its content type says; `wanted`: it is also tried where no content type is given. */
export function readBody(response: HttpResponse, method: string, wanted: boolean): Body {
  const { status, headers, body, bodyEnd } = response;
  if (bodyEnd === 'unread')
    return bad(
      'answered with an encoded body although none was asked for, and it was not decoded; turn compression off for it',
    );
  if (bodyEnd === 'cut') return bad(`sent a body of more than ${body.length} bytes, and no more was read`);
  const type = (headers['content-type']?.[0] ?? '').toLowerCase();
  const mayBeEmpty = method === 'HEAD' || status === 204 || status === 304 || !isJson(type);
  if (body.length === 0 && mayBeEmpty) return { kind: 'none' };
  const text = utf8(body);
  if (text === undefined) return notUtf8(type);
  if (isJson(type)) return asJson(text, 'declares JSON and sent a body that');
  return wanted && type === '' ? asJson(text, 'sent a body without a content type that') : { kind: 'other' };
}

function notUtf8(type: string): Body {
  return isJson(type) || /charset\s*=\s*"?utf-?8/.test(type)
    ? bad('declares UTF-8 and sent other bytes')
    : { kind: 'other' };
}

function bad(problem: string): Body {
  return { kind: 'bad', problem };
}

function isJson(type: string): boolean {
  return /^\s*(?:application|text)\/(?:[\w.+-]{0,100}\+)?json\s*(?:;|$)/.test(type);
}

function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function asJson(text: string, what: string): Body {
  try {
    return { kind: 'json', value: JSON.parse(text) };
  } catch {
    const seen = /^\s*</.test(text) ? 'looks like HTML' : text === '' ? 'is empty' : 'is not valid JSON';
    return bad(`${what} ${seen}`);
  }
}
