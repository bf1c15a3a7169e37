const MAX_DEPTH = 64;
const loneSurrogate = /[\uD800-\uDFFF]/u;

/**
 * JSON in the one form of RFC 8785: no blanks, keys in UTF-16 order, shortest numbers. Properties that are undefined are
 * left out. Throws TypeError on what JSON cannot hold: NaN, infinities, lone surrogates, functions, depth over 64.
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH)
    throw new TypeError(`JSON deeper than ${MAX_DEPTH} levels has no canonical form here.`);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(item => write(item, depth + 1)).join(',')}]`;
  if (typeof value === 'object') return writeObject(value, depth);
  throw new TypeError(`${typeof value} has no canonical form in JSON.`);
}

function writeObject(value: object, depth: number): string {
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${quote(key)}:${write(member, depth + 1)}`);
  return `{${members.join(',')}}`;
}

function quote(text: string): string {
  if (loneSurrogate.test(text)) throw new TypeError('A lone surrogate has no canonical form in JSON.');
  return JSON.stringify(text);
}
