/** Reading values that others wrote: nothing is taken for granted, nothing throws. */

export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

/** The value at a chain of member names; undefined where there is none. */
export function at(value: unknown, ...names: readonly string[]): unknown {
  let current = value;
  for (const name of names) {
    const fields = fieldsOf(current);
    if (fields === undefined || !Object.hasOwn(fields, name)) return undefined;
    current = fields[name];
  }
  return current;
}

export function textAt(value: unknown, ...names: readonly string[]): string | undefined {
  const found = at(value, ...names);
  return typeof found === 'string' ? found : undefined;
}

export function numberAt(value: unknown, ...names: readonly string[]): number | undefined {
  const found = at(value, ...names);
  return typeof found === 'number' ? found : undefined;
}

/** Empty when there is no list. */
export function listAt(value: unknown, ...names: readonly string[]): readonly unknown[] {
  const found = at(value, ...names);
  return Array.isArray(found) ? found : [];
}

const MOST_VALUES = 100_000;
const MOST_MEMBERS = 10_000;

/** Every text in a value with the member it stands in, by a walk that needs no stack and ends after 100,000 values. */
export function* textsIn(value: unknown): Generator<readonly [member: string, text: string]> {
  const waiting: (readonly [string, unknown])[] = [['', value]];
  for (let count = 0; count < MOST_VALUES; count++) {
    const next = waiting.pop();
    if (next === undefined) return;
    const [member, current] = next;
    if (typeof current === 'string') yield [member, current];
    else waiting.push(...membersOf(member, current));
  }
}

function membersOf(member: string, value: unknown): readonly (readonly [string, unknown])[] {
  if (Array.isArray(value)) return value.slice(0, MOST_MEMBERS).map(item => [member, item]);
  return typeof value === 'object' && value !== null ? Object.entries(value).slice(0, MOST_MEMBERS) : [];
}

/** Undefined for what is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A foreign text short and harmless enough to stand in a sentence of ours. */
export function quoted(text: string): string {
  const plain = text.replace(/[^\x20-\x7e]/g, '?');
  return `"${plain.length > 60 ? `${plain.slice(0, 57)}...` : plain}"`;
}
