import { resources } from '../../resources/index.js';
import { prompts } from '../../resources/prompts.js';
import { tools } from '../../tools/index.js';
import type { Parsed } from '../cli/command.js';
import { serveCommand } from '../cli/commands/serve.js';
import { exitCodeOf } from '../cli/exit-codes.js';
import { parseCommand } from '../cli/parse.js';
import { describeError, SpecError } from '../errors.js';
import { settleRuns } from '../pipeline/run-store.js';
import { createHost, type Host } from '../server/host.js';
import { type Serving, stopOnSignals } from '../server/serving.js';
import { evidenceRootOf } from '../settings/evidence-root.js';
import type { Workspace } from '../workspace/workspace.js';
import type { Environment } from './environment.js';
import type { Workspaces } from './workspaces.js';

const SETTLE_AFTER_MS = 500;

/** Serves until the client leaves or a signal comes. Resolves to the exit code. */
export async function serve(
  words: readonly string[],
  environment: Environment,
  workspaces: Workspaces,
): Promise<number> {
  const log = (line: string) => console.error(`spec-kit-mcp: ${line}`);
  try {
    const parsed = parseCommand(serveCommand, words);
    const [first, ...rest] = openAll(parsed, workspaces);
    const host = createHost({ tools, resources, prompts, workspaces: [first, ...rest], log });
    const serving = await start(host, parsed, environment);
    stopOnSignals(serving);
    // After the first answers: no client waits for it.
    setTimeout(() => void settleAll(host), SETTLE_AFTER_MS).unref();
    return await serving.ended;
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    log(describeError(error));
    return exitCodeOf(error.code);
  } finally {
    await workspaces.endCommands();
  }
}

/** What a server that died left behind is told once. No start fails over it. */
async function settleAll({ workspaces, log }: Host): Promise<void> {
  for (const workspace of workspaces) {
    try {
      for (const { runId, specId } of settleRuns(workspace, await evidenceRootOf(workspace)))
        log(`run ${runId} of ${specId} was interrupted when its process died`);
    } catch (error) {
      log(error instanceof SpecError ? describeError(error) : `runs: ${String(error)}`);
    }
  }
}

function openAll(parsed: Parsed, { open }: Workspaces): readonly [Workspace, ...Workspace[]] {
  const [first, ...rest] = parsed.texts('workspace');
  return [open(first), ...rest.map(open)];
}

async function start(host: Host, parsed: Parsed, environment: Environment): Promise<Serving> {
  const labels = host.workspaces.map(({ label }) => label).join(', ');
  if (!parsed.on('http')) {
    if (parsed.on('no-auth') || parsed.text('port') !== undefined)
      throw new SpecError(
        'INVALID_ARGUMENT',
        '--port and --no-auth go with --http. Add it, or leave them out for stdio.',
      );
    const { overStdio } = await import('../server/stdio.js');
    host.log(`serving ${labels} over stdio`);
    return overStdio(host);
  }
  const { startHttp } = await import('./serve-http.js');
  const serving = await startHttp(host, parsed, environment);
  host.log(`serving ${labels} at ${serving.url}`);
  return serving;
}
