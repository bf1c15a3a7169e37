import type { IncomingMessage } from 'node:http';
import { MAX_BODY, tooLarge } from './http-guards.js';
import { INVALID_REQUEST, PARSE_ERROR, type Refusal, refusal } from './http-refusal.js';

const MAX_DEPTH = 64;
const MAX_BATCH = 20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** What a byte does to the depth: [ { up, ] } down. */
const STEP = new Int8Array(256);
for (const open of Buffer.from('[{')) STEP[open] = 1;
for (const close of Buffer.from(']}')) STEP[close] = -1;
const UTF8 = new TextDecoder('utf-8', { fatal: true });

export type Body = { readonly value: unknown } | { readonly refused: Refusal };

/** Reads and parses a body of at most 1 MiB; nothing deeper than 64 levels reaches the JSON parser. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const bytes = await collect(request);
  if (!bytes) return { refused: tooLarge() };
  if (isDeeper(bytes, MAX_DEPTH)) {
    return invalid(INVALID_REQUEST, `The message is nested deeper than ${MAX_DEPTH} levels.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(UTF8.decode(bytes));
  } catch {
    return invalid(PARSE_ERROR, 'The body is not JSON in UTF-8.');
  }
  if (Array.isArray(value) && value.length > MAX_BATCH) {
    return invalid(INVALID_REQUEST, `A batch may hold ${MAX_BATCH} messages.`);
  }
  return { value };
}

function invalid(code: number, message: string): Body {
  return { refused: refusal(400, message, {}, code) };
}

function collect(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    const take = (chunk: Buffer) => {
      length += chunk.length;
      if (length <= MAX_BODY) {
        chunks.push(chunk);
        return;
      }
      request.off('data', take);
      resolve(undefined);
    };
    request.on('data', take);
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
    request.on('close', () => reject(new Error('the client went away')));
  });
}

/** Counts brackets outside strings in UTF-8; what is not JSON may count as anything, the parser refuses it. */
export function isDeeper(bytes: Uint8Array, max: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === BACKSLASH) at += 1;
    if (byte === QUOTE) inString = !inString;
    if (!inString) depth += STEP[byte] ?? 0;
    if (depth > max) return true;
  }
  return false;
}
