import { attempt, makePlace } from './attempt.mjs';
import { clients } from './clients.mjs';
import { runWithParent } from './processes.mjs';
import { listByProtocol, makeWorkspace } from './server.mjs';

/**
 * Drives each client that run.mjs installed: drive.mjs SCRATCH INSTALLED, where INSTALLED is JSON, {name: {entry} or
 * {skip}}. One line per client and transport; the last line counts them. When stdin ends, the parent is gone: then it
 * ends everything it started and removes SCRATCH.
 */
async function listTools(scratch) {
  const { workspace, env } = makePlace(scratch);
  await makeWorkspace(workspace, env);
  const { tools, bytes } = await listByProtocol(workspace, env);
  process.stdout.write(`The server lists ${tools.length} tools in ${bytes} bytes.\n`);
  return tools.map(({ name }) => name);
}

async function main(scratch, installed) {
  const toolNames = await listTools(scratch);
  const counts = { ok: 0, failed: 0, skipped: 0 };
  for (const client of clients) {
    const { entry, skip } = installed[client.name];
    for (const run of client.runs()) {
      const reason = skip ?? run.skip;
      const { verdict, words } = reason
        ? { verdict: 'skipped', words: [reason] }
        : verdictOf(await attempt(client, run, entry, { scratch, toolNames }));
      const line = words.join('; ').replaceAll('\n', ' ');
      process.stdout.write(`${verdict.padEnd(7)} ${client.name} ${run.label}: ${line}\n`);
      counts[verdict] += 1;
    }
  }
  process.stdout.write(`${counts.ok} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  return counts.failed === 0 ? 0 : 1;
}

function verdictOf({ problems, detail = [] }) {
  return { verdict: problems.length === 0 ? 'ok' : 'failed', words: problems.concat(detail) };
}

const [scratch, installed] = process.argv.slice(2);
await runWithParent(scratch, () => main(scratch, JSON.parse(installed)));
