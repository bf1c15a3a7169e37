import { SpecError } from '../errors.js';

/**
 * A JSON document with one more member in the object under a top-level key; every other byte stays. Undefined when the member
 * is there already. Throws CONFIG_INVALID for a text that is no JSON object or in which that key is no object.
 */
export function insertMember(
  path: string,
  text: string,
  key: string,
  name: string,
  value: object,
): string | undefined {
  const before = objectOf(path, text);
  const within = before[key];
  if (within !== undefined && !isObject(within)) throw invalid(path, `"${key}" is no object in it`);
  if (within !== undefined && Object.hasOwn(within, name)) return undefined;
  const member = (indent: string) =>
    `${indent}${JSON.stringify(name)}: ${JSON.stringify(value, null, 2).replaceAll('\n', `\n${indent}`)}`;
  const inserted =
    within === undefined
      ? insertedAfter(
          text,
          text.indexOf('{') + 1,
          `  ${JSON.stringify(key)}: {\n${member('    ')}\n  }`,
          Object.keys(before).length > 0,
        )
      : insertedAfter(text, openOf(text, key), member('    '), Object.keys(within).length > 0);
  const wanted = { ...before, [key]: { ...(within ?? {}), [name]: value } };
  if (!sameJson(objectOf(path, inserted), wanted))
    throw invalid(path, 'an entry cannot be put into it without changing more');
  return inserted;
}

function insertedAfter(text: string, at: number, member: string, more: boolean): string {
  const rest = text.slice(at);
  return `${text.slice(0, at)}\n${member}${more ? ',' : '\n'}${more ? rest : rest.trimStart() === rest ? rest : rest.replace(/^\s*/, '')}`;
}

const DEPTH: Readonly<Record<string, number>> = { '{': 1, '[': 1, '}': -1, ']': -1 };

/** Where the object under a top-level key begins, after its brace; one pass that knows texts and depth. */
function openOf(text: string, key: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    depth += DEPTH[char] ?? 0;
    if (char !== '"') continue;
    const end = endOfText(text, at);
    const colon = /^\s*:\s*\{/.exec(text.slice(end, end + 1000));
    if (depth === 1 && colon !== null && text.slice(at, end) === JSON.stringify(key))
      return end + colon[0].length;
    at = end - 1;
  }
  return -1;
}

function endOfText(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1;
  return at + 1;
}

function objectOf(path: string, text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return { ...value };
  } catch (error) {
    throw invalid(
      path,
      error instanceof Error ? `it is no plain JSON (${error.message.slice(0, 120)})` : 'it is no JSON',
    );
  }
  throw invalid(path, 'it is no JSON object');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The same value, whatever the order of members. */
function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, each]) => [name, sorted(each)]),
  );
}

function invalid(path: string, why: string): SpecError {
  return new SpecError(
    'CONFIG_INVALID',
    `${path} was left alone, and so was everything else: ${why}. Mend it and call again, or leave that client out and add the entry by hand.`,
  );
}
