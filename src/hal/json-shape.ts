const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],]/g;
const MAX_DEPTH = 64;

type Open = Set<string> | null;

/**
 * What JSON.parse lets pass and a profile must not have: a name that stands twice in an object (the last would win), one
 * that JavaScript treats specially, more than 64 levels. `text` must be valid JSON. Undefined when there is nothing.
 */
export function shapeFlaw(text: string): string | undefined {
  const open: Open[] = [];
  let before = '';
  for (const [token] of text.matchAll(TOKENS)) {
    const flaw = /^[{[\]}]/.test(token) ? nest(open, token) : nameFlaw(open.at(-1), before, token);
    if (flaw !== undefined) return flaw;
    before = token;
  }
  return undefined;
}

function nest(open: Open[], token: string): string | undefined {
  if (token === '}' || token === ']') open.pop();
  else open.push(token === '{' ? new Set() : null);
  return open.length > MAX_DEPTH ? `it is nested more than ${MAX_DEPTH} levels deep` : undefined;
}

/** In an object, a text right after the brace or a comma is a name. */
function nameFlaw(names: Open | undefined, before: string, token: string): string | undefined {
  if (token === ',' || !(names instanceof Set) || (before !== '{' && before !== ',')) return undefined;
  const name: unknown = JSON.parse(token);
  if (typeof name !== 'string') return undefined;
  if (name === '__proto__') return 'the name "__proto__" is not allowed';
  if (names.has(name)) return `the name ${JSON.stringify(name.slice(0, 80))} stands there twice`;
  names.add(name);
  return undefined;
}
