import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { run } from './processes.mjs';

const LIMIT_MS = 300_000;

/** Installs one client into a folder of its own, unless it is there. Returns {entry} or {skip: reason}. */
export async function install(client, clientsFolder) {
  const at = client.package.lastIndexOf('@');
  const [name, version] = [client.package.slice(0, at), client.package.slice(at + 1)];
  const folder = path.join(clientsFolder, client.name);
  const root = path.join(folder, 'node_modules', name);
  const manifest = path.join(root, 'package.json');
  const present = existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === version;
  if (!present) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
    // The clients run without their install scripts, and on an older Node than one of them asks for.
    const flags = [
      '--ignore-scripts',
      '--engine-strict=false',
      '--include=optional',
      '--no-audit',
      '--no-fund',
    ];
    const { code, stderr } = await run('npm', ['install', ...flags, client.package], {
      cwd: folder,
      env: process.env,
      limitMs: LIMIT_MS,
    });
    if (code !== 0) return { skip: `${client.package} cannot be installed: ${reasonOf(stderr)}` };
  }
  const entry = path.join(root, client.entry);
  const home = { HOME: folder, PATH: process.env.PATH };
  const answer = await run(process.execPath, [entry, '--version'], { env: home, limitMs: 30_000 });
  if (answer.code !== 0) return { skip: `${client.package} does not start here: ${reasonOf(answer.stderr)}` };
  return { entry };
}

function reasonOf(stderr) {
  const lines = stderr.trim().split('\n');
  const line = lines.find(candidate => /^npm error (?!code|errno|syscall|A complete log)/.test(candidate));
  return (line ?? lines.at(-1) ?? '').replace(/^npm error /, '').slice(0, 200);
}
