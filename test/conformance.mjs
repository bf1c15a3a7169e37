// Runs the official conformance suite against the server as it is shipped, without authentication, on both
// protocol revisions. What needs the suite's own fixture tools is listed in conformance/*.yml; everything else must
// pass, and an entry that passes now must go. Needs the npm registry the first time; `npm run build` before.
//
//   node test/conformance.mjs [--keep]     --keep leaves the suite installed in node_modules/.cache

import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const SUITE = '@modelcontextprotocol/conformance@0.2.0-alpha.12';
const REVISIONS = ['2025-11-25', '2026-07-28'];

const root = path.join(import.meta.dirname, '..');
const cache = path.join(root, 'node_modules/.cache/conformance');
const shim = path.join(import.meta.dirname, 'conformance/node-20.mjs');
const cli = path.join(cache, 'node_modules/@modelcontextprotocol/conformance/dist/index.js');

function install() {
  if (existsSync(cli)) return;
  mkdirSync(cache, { recursive: true });
  writeFileSync(path.join(cache, 'package.json'), '{"private": true}\n');
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--engine-strict=false', '--prefix', cache];
  execFileSync('npm', ['install', ...flags, SUITE], { cwd: cache, stdio: ['ignore', 'ignore', 'inherit'] });
}

function makeWorkspace(folder) {
  cpSync(path.join(root, 'examples/kavedarr'), folder, { recursive: true });
  const git = (...args) => execFileSync('git', ['-C', folder, ...args], { stdio: 'ignore' });
  git('init', '-q');
  git('add', '-A');
  git('-c', 'user.name=Conformance', '-c', 'user.email=conformance@example.com', 'commit', '-q', '-m', 'start');
}

/** Starts the server and resolves to it and its URL, which it names on stderr. */
function serve(workspace) {
  const bin = path.join(root, 'dist/bin/spec-kit-mcp.js');
  const args = [bin, 'serve', '--http', '--no-auth', '--port', '0', '--workspace', workspace];
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  return new Promise((resolve, reject) => {
    let text = '';
    server.stderr.setEncoding('utf8').on('data', chunk => {
      text = (text + chunk).slice(-10_000);
      const url = /http:\/\/127\.0\.0\.1:\d+\/mcp/.exec(text)?.[0];
      if (url) resolve({ server, url });
    });
    server.on('exit', code => reject(new Error(`the server ended with ${code}:\n${text}`)));
  });
}

function check(url, revision) {
  const baseline = path.join(import.meta.dirname, `conformance/${revision}.yml`);
  const args = ['server', '--url', url, '--suite', 'all', '--spec-version', revision, '--expected-failures', baseline];
  const suite = spawn(process.execPath, ['--import', shim, cli, ...args], { cwd: cache });
  let text = '';
  for (const stream of [suite.stdout, suite.stderr]) {
    stream.setEncoding('utf8').on('data', chunk => {
      text += chunk;
    });
  }
  return new Promise(resolve =>
    suite.on('close', code => {
      const summary = text.slice(Math.max(0, text.lastIndexOf('=== SUMMARY ===')));
      console.log(`\n##### ${revision}: ${code === 0 ? 'as expected' : 'NOT as expected'}\n${summary.trim()}`);
      resolve(code);
    }),
  );
}

const temporary = mkdtempSync(path.join(tmpdir(), 'spec-kit-conformance-'));
let server;
try {
  install();
  const workspace = path.join(temporary, 'workspace');
  makeWorkspace(workspace);
  const started = await serve(workspace);
  server = started.server;
  const codes = [];
  for (const revision of REVISIONS) codes.push(await check(started.url, revision));
  process.exitCode = Math.max(...codes);
} finally {
  server?.removeAllListeners('exit');
  server?.kill();
  rmSync(temporary, { recursive: true, force: true });
  if (!process.argv.includes('--keep')) rmSync(cache, { recursive: true, force: true });
}
