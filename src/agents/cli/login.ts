import type { Workspace } from '../../workspace/workspace.js';
import type { Cli } from './cli.js';
import { homesOf } from './homes.js';

const LIMIT_MS = 2000;
const MAX_BYTES = 64 * 1024;

/** Asks a program whether the person is logged in. It calls nobody for that. */
export async function checkLogin(
  { operator, runCommand, openPrivateFolder }: Workspace,
  cli: Cli,
  signal: AbortSignal,
): Promise<'in' | 'out' | 'unknown'> {
  if (cli.status === undefined) return 'unknown';
  const folder = openPrivateFolder();
  try {
    const end = await runCommand({
      argv: [cli.name, ...cli.status.args],
      env: { ...homesOf(operator, cli), TMPDIR: folder.path },
      folder: folder.path,
      log: 'stdout.txt',
      errorLog: 'stderr.txt',
      maxLogBytes: MAX_BYTES,
      timeoutMs: LIMIT_MS,
      signal,
    });
    if (end.ending !== 'exited') return 'unknown';
    const text = (name: string) => folder.read(name, MAX_BYTES).toString();
    const output = { stdout: text('stdout.txt'), stderr: text('stderr.txt'), exitCode: end.exitCode };
    return cli.status.loggedIn(output) ? 'in' : 'out';
  } finally {
    folder.remove();
  }
}
