import { parseArgs } from 'node:util';
import { SpecError } from '../errors.js';
import { commonFlags, type Described, type Parsed } from './command.js';

/** Reads the words after the command's name. Throws INVALID_ARGUMENT that shows how the command is used. */
export function parseCommand(command: Described, words: readonly string[]): Parsed {
  const flags = { ...command.flags, ...commonFlags };
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { type }]) => [name, { type, multiple: type === 'string' }]),
  );
  const { values, positionals } = readWords(command, [...words], options);
  const texts = (flag: string) => [values[flag] ?? []].flat().filter(value => typeof value === 'string');
  const parsed: Parsed = {
    positionals,
    texts,
    text: flag => texts(flag).at(-1),
    on: flag => values[flag] === true,
  };
  const [fewest, most] = command.positionals;
  if (!parsed.on('help') && (positionals.length < fewest || positionals.length > most))
    throw usageError(
      command,
      `${command.name} takes ${command.takes || 'no arguments'}; given: ${positionals.map(word => JSON.stringify(word.slice(0, 40))).join(' ') || 'nothing'}`,
    );
  return parsed;
}

function readWords(
  command: Described,
  args: string[],
  options: Record<string, { type: 'string' | 'boolean'; multiple: boolean }>,
): { values: Record<string, unknown>; positionals: string[] } {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    const what = error instanceof Error ? (error.message.split('. ')[0] ?? '') : '';
    throw usageError(command, what);
  }
}

function usageError(command: Described, what: string): SpecError {
  return new SpecError(
    'INVALID_ARGUMENT',
    `${what}. Example: ${command.example}. \`spec-kit-mcp ${command.name} --help\` lists the flags.`,
  );
}
