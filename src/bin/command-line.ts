import { serveCommand } from '../cli/commands/serve.js';
import { answering } from '../cli/commands.js';
import { runProgram } from '../cli/program.js';
import { createSshSignatures } from '../ports/ssh-signature.js';
import { askPerson } from './ask.js';
import { demoCommand } from './demo/command.js';
import { readInput } from './input.js';
import type { Workspaces } from './workspaces.js';

const ending = [...answering, demoCommand];
const commands = { all: [...ending, serveCommand], answering: ending };

/** Runs one command and prints what it answers. Resolves to the exit code. */
export async function runCommandLine(words: readonly string[], workspaces: Workspaces): Promise<number> {
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  process.once('SIGTERM', () => abort.abort());
  const printed = await runProgram(commands, words, {
    open: workspaces.open,
    trust: (digest, label) => workspaces.trust.remember(digest, label, new Date()),
    ask: question => askPerson(question, abort.signal),
    input: readInput,
    ssh: createSshSignatures(process.cwd(), process.env),
    mock: async (mode, port) => {
      const { startHalMock } = await import('../ports/hal-mock.js');
      return startHalMock({ mode, port });
    },
    signal: abort.signal,
    say: line => {
      if (!words.includes('--json')) process.stdout.write(`${line}\n`);
    },
    note: line => console.error(line),
  });
  await workspaces.endCommands();
  await print(process.stdout, printed.out);
  await print(process.stderr, printed.err);
  return printed.exitCode;
}

/** Waits until the pipe took it: a process that ends earlier cuts its own output. */
function print(stream: NodeJS.WriteStream, text: string): Promise<void> {
  if (text === '') return Promise.resolve();
  return new Promise(resolve => stream.write(`${text}\n`, () => resolve()));
}
