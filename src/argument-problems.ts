import type * as z from 'zod';

const MAX_PROBLEMS = 10;
const MAX_TEXT = 1500;
/** Messages of our schemas go on from the name of the argument. */
const OURS = /^(must|is|goes|cannot) /;

/**
 * What is wrong with the arguments of a call, in the same words for clients and the command line. Bounded.
 * `shown`: what the caller calls an argument.
 */
export function argumentProblems({ issues }: z.ZodError, shown = (argument: string) => argument): string {
  return issues
    .slice(0, MAX_PROBLEMS)
    .map(issue => problem(issue, shown))
    .join('; ')
    .slice(0, MAX_TEXT);
}

function problem(issue: z.core.$ZodIssue, shown: (argument: string) => string): string {
  const name = nameOf(issue.path, shown);
  if (issue.code === 'unrecognized_keys')
    return `there is no argument ${issue.keys.map(key => JSON.stringify(key)).join(', ')}`;
  if (issue.code === 'invalid_value') return `${name} must be one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_type') return typeProblem(name, issue);
  return OURS.test(issue.message)
    ? `${name} ${issue.message}`
    : [name, boundOf(issue) ?? `is wrong: ${issue.message}`].join(' ');
}

/** "stages, item 1" for the first of a list: nobody at a command line counts from 0. */
function nameOf([first, ...rest]: readonly PropertyKey[], shown: (argument: string) => string): string {
  if (first === undefined) return 'the arguments';
  const parts = rest.map(part => (typeof part === 'number' ? `, item ${part + 1}` : `.${String(part)}`));
  return [shown(String(first)), ...parts].join('');
}

function boundOf(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code !== 'too_small' && issue.code !== 'too_big') return undefined;
  const bound = issue.code === 'too_small' ? `at least ${issue.minimum}` : `at most ${issue.maximum}`;
  if (issue.origin === 'string') return `must have ${bound} characters`;
  return issue.origin === 'array' ? `must have ${bound} items` : `must be ${bound}`;
}

function typeProblem(name: string, { expected, message }: z.core.$ZodIssueInvalidType): string {
  const received = /received (\w+)$/.exec(message)?.[1];
  if (received === 'undefined') return `${name} is missing`;
  return `${name} must be of type ${expected}${received === undefined ? '' : `, not ${received}`}`;
}
