import { describeError, SpecError } from '../errors.js';
import { inert, inertJson } from '../inert.js';
import { VERSION } from '../version.js';
import type { Answer, Command, Described, Terminal } from './command.js';
import { EXIT, exitCodeOf } from './exit-codes.js';
import { parseCommand } from './parse.js';
import { asTyped } from './typed.js';
import { commandHelp, programHelp } from './usage.js';

export interface Commands {
  /** Everything that help shows. */
  readonly all: readonly Described[];
  /** Those of them that end with an answer. */
  readonly answering: readonly Command[];
}

/** What the program prints and how it ends. */
export interface Printed {
  readonly out: string;
  readonly err: string;
  readonly exitCode: number;
}

/** Runs one command line (without node and script). Never throws. */
export async function runProgram(
  commands: Commands,
  words: readonly string[],
  terminal: Terminal,
): Promise<Printed> {
  const json = words.includes('--json');
  try {
    return await dispatch(commands, words, terminal, json);
  } catch (error) {
    if (error instanceof SpecError)
      return failure(asTyped(describeError(error)), error.code, exitCodeOf(error.code), json);
    if (terminal.signal.aborted)
      return failure('The command was ended before it was done.', 'CANCELLED', exitCodeOf('CANCELLED'), json);
    terminal.note(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return failure(
      'The command failed inside spec-kit-mcp; the lines above have the cause.',
      'INTERNAL',
      EXIT.internal,
      json,
    );
  }
}

async function dispatch(
  commands: Commands,
  [name, ...words]: readonly string[],
  terminal: Terminal,
  json: boolean,
): Promise<Printed> {
  if (name === '--version')
    return print({ json: { version: VERSION }, text: VERSION, exitCode: EXIT.passed }, json);
  if (name === undefined) return { out: '', err: programHelp(commands.all), exitCode: EXIT.usage };
  if (name === '--help' || name === 'help') return help(programHelp(commands.all), json);
  const described = commands.all.find(candidate => candidate.name === name);
  if (described === undefined)
    throw new SpecError(
      'INVALID_ARGUMENT',
      `There is no command "${name.slice(0, 40)}". \`spec-kit-mcp --help\` lists them.`,
    );
  const parsed = parseCommand(described, words);
  const command = commands.answering.find(candidate => candidate.name === name);
  if (parsed.on('help') || command === undefined) return help(commandHelp(described), json);
  return print(await command.run(parsed, terminal), json);
}

function help(text: string, asJson: boolean): Printed {
  return print({ json: { help: text }, text, exitCode: EXIT.passed }, asJson);
}

function print({ json, text, exitCode }: Answer, asJson: boolean): Printed {
  return { out: asJson ? JSON.stringify(inertJson(json), null, 2) : inert(text), err: '', exitCode };
}

function failure(text: string, code: string, exitCode: number, json: boolean): Printed {
  const message = inert(text);
  return { out: json ? JSON.stringify({ error: { code, message } }, null, 2) : '', err: message, exitCode };
}
