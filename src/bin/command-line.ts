import { serveCommand } from '../cli/commands/serve.js';
import { answering } from '../cli/commands.js';
import { completionCommand } from '../cli/completion.js';
import { EXIT } from '../cli/exit-codes.js';
import { runProgram } from '../cli/program.js';
import { createProgressLines, type LineTarget } from '../cli/progress-lines.js';
import { repositoryAt } from '../ports/open.js';
import { createSshSignatures } from '../ports/ssh-signature.js';
import { askPerson } from './ask.js';
import { demoCommand } from './demo/command.js';
import { readInput } from './input.js';
import { writePage } from './page.js';
import type { Workspaces } from './workspaces.js';

const described = [...answering, demoCommand, serveCommand];
const ending = [...answering, demoCommand, completionCommand(described)];
const commands = { all: [...ending, serveCommand], answering: ending };

/** Runs one command and prints what it answers. Resolves to the exit code. */
export async function runCommandLine(words: readonly string[], workspaces: Workspaces): Promise<number> {
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  process.once('SIGTERM', () => abort.abort());
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const lines = createProgressLines(terminalLines());
  const printed = await runProgram(commands, words, {
    open: workspaces.open,
    openToRead: workspaces.openToRead,
    openExport: async file => {
      const { unpackExport } = await import('./bundle-folder.js');
      const { folder, close } = await unpackExport(file);
      return { workspace: workspaces.openToRead(folder), close };
    },
    output: async (file, bytes) => {
      const { writeOutput } = await import('./bundle-folder.js');
      await writeOutput(file, bytes);
    },
    trust: (digest, { root, label }) =>
      workspaces.trust.remember({ digest, repository: repositoryAt(root) }, label, new Date()),
    ask: question => askPerson(question, abort.signal),
    input: file => readInput(file, abort.signal),
    page: writePage,
    kept: workspaces.kept,
    ssh: createSshSignatures(process.cwd(), process.env),
    mock: async (mode, port) => {
      const { startHalMock } = await import('../ports/hal-mock.js');
      return startHalMock({ mode, port });
    },
    signal: abort.signal,
    say: line => {
      if (!words.includes('--json')) process.stdout.write(`${line}\n`);
    },
    note: line => {
      lines.end();
      console.error(line);
    },
    step: lines.step,
  });
  lines.end();
  await workspaces.endCommands();
  const lost = await print(process.stdout, printed.out);
  await print(process.stderr, lost === undefined ? printed.err : `${lost}\n${printed.err}`.trimEnd());
  return lost === undefined ? printed.exitCode : EXIT.internal;
}

/** Progress goes to stderr, so that stdout is the answer alone. */
function terminalLines(): LineTarget {
  const tty = process.stderr.isTTY === true && process.env['CI'] === undefined;
  return {
    tty,
    color: tty && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb',
    write: text => process.stderr.write(text),
    nowMs: () => performance.now(),
  };
}

/**
 * Waits until the pipe took it: a process that ends earlier cuts its own output. A reader that has seen enough (`| head`) is no
 * error; anything else that keeps the answer from arriving is told.
 */
function print(stream: NodeJS.WriteStream, text: string): Promise<string | undefined> {
  if (text === '') return Promise.resolve(undefined);
  return new Promise(resolve =>
    stream.write(`${text}\n`, error => {
      const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
      resolve(
        code === undefined || code === 'EPIPE' ? undefined : `The answer could not be printed (${code}).`,
      );
    }),
  );
}
