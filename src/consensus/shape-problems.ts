import type * as z from 'zod';
import { inert } from '../inert.js';

export const MAX_PROBLEMS = 5;
const MAX_NAMED = 12;
const MAX_WORDS = 200;

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/**
 * What is wrong with the shape of a value, in words that its author can act on, such as
 * "final_plan.risks[2].owner must be text, not a number". At most five; none when the shape is right.
 */
export function shapeProblems(shape: z.ZodType, value: unknown): readonly string[] {
  const { error } = shape.safeParse(value);
  if (error === undefined) return [];
  const problems = error.issues.slice(0, MAX_PROBLEMS + 1).flatMap(issue => inWords(issue, value, []));
  if (problems.length <= MAX_PROBLEMS) return problems;
  const more = Math.max(error.issues.length, problems.length) - MAX_PROBLEMS + 1;
  return [...problems.slice(0, MAX_PROBLEMS - 1), `and ${more} more`];
}

/** The words of a foreign text as part of one of our sentences: inert, on one line, short. */
export function quoted(text: string, length = MAX_WORDS): string {
  const line = inert(text.slice(0, length * 2))
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}

function inWords(issue: Issue, value: unknown, above: Path): readonly string[] {
  const path = [...above, ...issue.path];
  const actual = valueAt(value, path);
  const subject = nameOf(path);
  if (issue.code === 'invalid_union') {
    const inner = isRecord(actual) ? issue.errors.at(-1) : undefined;
    if (inner !== undefined && inner.length > 0) return inner.flatMap(one => inWords(one, value, path));
    return [`${subject} must be text or an object, not ${kindOf(actual)}`];
  }
  if (actual === undefined) return [`${subject} is missing`];
  return [`${subject} ${complaint(issue, actual)}`];
}

function complaint(issue: Issue, actual: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${KINDS[issue.expected] ?? issue.expected}, not ${kindOf(actual)}`;
    case 'invalid_value':
      return `must be ${oneOf(issue.values.map(String))}, not ${typeof actual === 'string' ? `"${quoted(actual, 40)}"` : kindOf(actual)}`;
    case 'too_big':
      return issue.origin === 'array'
        ? `has more than ${issue.maximum} items`
        : `has more than ${issue.maximum} characters`;
    case 'unrecognized_keys':
      return `has properties that nobody asked for: ${issue.keys
        .slice(0, MAX_NAMED)
        .map(key => quoted(key, 40))
        .join(', ')}`;
    default:
      return 'is not as asked';
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return KINDS[typeof value] ?? typeof value;
}

function oneOf(values: readonly string[]): string {
  const [first = '', ...others] = values;
  if (others.length === 0) return `"${first}"`;
  const more = values.length > MAX_NAMED ? ' …' : '';
  return `one of ${values.slice(0, MAX_NAMED).join(', ')}${more}`;
}

function nameOf(path: Path): string {
  const name = path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}.${String(part)}`),
    '',
  );
  return name === '' ? 'the answer' : name.replace(/^\./, '');
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const part of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = Object.getOwnPropertyDescriptor(at, part)?.value;
  }
  return at;
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
