const FIRST = /^(?:\$|[^.[\]"$][^.[\]"]*|(?=\[))/;
const STEP = /\.([^.[\]"]+)|\[(\d{1,9})\]|\["((?:[^"\\]|\\.){0,256})"\]/y;

/** The steps of a path such as `status`, `data.items[0].id`, `$.a["b.c"]`; undefined when it is none. `$` is the whole. */
export function parsePath(path: string): readonly (string | number)[] | undefined {
  const first = FIRST.exec(path)?.[0];
  if (first === undefined || path === '') return undefined;
  const steps: (string | number)[] = first === '$' || first === '' ? [] : [first];
  for (let at = first.length; at < path.length; at = STEP.lastIndex) {
    STEP.lastIndex = at;
    const match = STEP.exec(path);
    if (match === null) return undefined;
    steps.push(stepOf(match));
  }
  return steps;
}

function stepOf([, name, index, inQuotes]: RegExpExecArray): string | number {
  return index === undefined ? (name ?? (inQuotes ?? '').replaceAll(/\\(.)/g, '$1')) : Number(index);
}

/** What stands at a path; undefined when there is nothing. Only an object's own members and a list's elements count. */
export function atPath(value: unknown, steps: readonly (string | number)[]): unknown {
  let at = value;
  for (const step of steps) {
    if (typeof at !== 'object' || at === null || Array.isArray(at) !== (typeof step === 'number'))
      return undefined;
    at = own(at, step);
  }
  return at;
}

function own(object: object, name: string | number): unknown {
  return Object.getOwnPropertyDescriptor(object, name)?.value;
}

/** Equal as JSON: the order of members does not count. As deep as `expected` is, no deeper. */
export function jsonEqual(actual: unknown, expected: unknown): boolean {
  if (typeof expected !== 'object' || expected === null) return actual === expected;
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual) !== Array.isArray(expected))
    return false;
  const members = Object.entries(expected);
  return (
    members.length === Object.keys(actual).length &&
    members.every(([name, value]) => Object.hasOwn(actual, name) && jsonEqual(own(actual, name), value))
  );
}
