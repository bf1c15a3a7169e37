import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { clients } from './clients.mjs';
import { install } from './install.mjs';
import { killAll } from './processes.mjs';
import { BIN } from './server.mjs';

/**
 * Installs Codex CLI, Claude Code and Gemini CLI from npm into a temporary folder (or into SPEC_KIT_CLIENTS_DIR, which is
 * kept and used again), and runs a driver with them: drive.mjs, which has each use the built server, or the one that is
 * named. Providers are stubs on loopback. Where the system allows it they
 * run in a network namespace with nothing but loopback, and in a process namespace that ends with them.
 */
if (!existsSync(BIN)) {
  process.stderr.write('There is no built server. Run "npm run build" first.\n');
  process.exit(1);
}

const scratch = mkdtempSync(path.join(tmpdir(), 'spec-kit-clients-'));
const removeScratch = () => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
let driver;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => {
    killAll();
    // The driver ends what it started when its stdin ends.
    driver?.stdin.end();
    const leave = () => {
      removeScratch();
      process.exit(1);
    };
    if (driver === undefined || driver.exitCode !== null) leave();
    else driver.once('exit', leave);
  });

try {
  const installed = {};
  for (const client of clients)
    installed[client.name] = await install(
      client,
      process.env.SPEC_KIT_CLIENTS_DIR ?? path.join(scratch, 'clients'),
    );
  process.exitCode = await drive(installed);
} finally {
  removeScratch();
}

function drive(installed) {
  const [command, ...before] = isolation();
  const script = fileURLToPath(new URL(process.argv[2] ?? 'drive.mjs', import.meta.url));
  driver = spawn(command, [...before, script, scratch, JSON.stringify(installed)], {
    detached: true,
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  return new Promise(resolve => {
    driver.once('error', error => {
      process.stderr.write(`${error.message}\n`);
      resolve(1);
    });
    driver.once('exit', code => resolve(code ?? 1));
  });
}

/** The command that runs Node offline, if this system lets us: as root, or as a root of our own making. */
function isolation() {
  const inside = ['sh', '-c', 'ip link set lo up && exec "$@"', 'sh', process.execPath];
  const namespaces = ['--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
  for (const user of [[], ['--map-root-user']]) {
    const command = ['unshare', ...user, ...namespaces, ...inside];
    if (spawnSync(command[0], [...command.slice(1), '--version']).status === 0) {
      process.stdout.write('offline: nothing but loopback is reachable\n');
      return command;
    }
  }
  process.stdout.write('not isolated: this system has no network namespaces for us\n');
  return [process.execPath];
}
