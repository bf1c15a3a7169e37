import { commonFlags, type Described, type Flag } from './command.js';

export function commandHelp({ name, takes, summary, flags, example }: Described): string {
  return [
    `spec-kit-mcp ${name}${takes === '' ? '' : ` ${takes}`}`,
    '',
    `  ${summary}`,
    '',
    ...flagLines({ ...flags, ...commonFlags }),
    '',
    `Example: ${example}`,
  ].join('\n');
}

export function programHelp(commands: readonly Described[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    'spec-kit-mcp: runs the checks of a spec workflow, records what happened as evidence, and stops when a check failed.',
    '',
    'Usage: spec-kit-mcp COMMAND [arguments]',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'Exit codes: 0 passed, 1 failed check or lint error, 2 conflict, 3 incomplete, 4 usage or configuration, 5 internal.',
    'Of verify and report: 0 ok, 1 tampered or false, 2 incomplete, 3 anchor mismatch.',
    '`spec-kit-mcp COMMAND --help` shows the flags and an example.',
  ].join('\n');
}

function flagLines(flags: Readonly<Record<string, Flag>>): string[] {
  const rows = Object.entries(flags).map(([name, { value, help }]) => ({
    left: `  --${name}${value === undefined ? '' : ` ${value}`}`,
    help,
  }));
  const width = Math.max(...rows.map(({ left }) => left.length));
  return rows.map(({ left, help }) => `${left.padEnd(width)}  ${help}`);
}
