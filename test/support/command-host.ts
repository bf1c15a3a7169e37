import { createRunCommand, endAllCommands } from '../../src/ports/exec.js';

/**
 * A server in small: `command-host.js ROOT MARK PROGRAM ARGS...` runs one command and prints how it ended. Ends its
 * commands at SIGTERM and at the end of its input; leaves without doing so at SIGUSR2.
 */
const [root = '', mark = '', ...argv] = process.argv.slice(2);
const run = createRunCommand({ root, env: { PATH: '/usr/bin:/bin', SPEC_KIT_RUN_ID: mark } });

const stop = async () => {
  await endAllCommands();
  const late = await run({ argv, timeoutMs: 60_000, log: 'late.txt', signal: new AbortController().signal });
  process.stdout.write(`${JSON.stringify(late)}\n`);
  process.exit(0);
};
process.on('SIGTERM', () => void stop());
process.on('SIGUSR2', () => process.exit(1));
process.stdin.on('end', () => void stop()).resume();

const end = await run({ argv, timeoutMs: 60_000, log: 'log.txt', signal: new AbortController().signal });
process.stdout.write(`${JSON.stringify(end)}\n`);
