import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { expect } from 'vitest';
import * as z from 'zod';
import { Settings } from '../schemas/settings.js';
import { serveCommand } from '../src/cli/commands/serve.js';
import { answering } from '../src/cli/commands.js';
import { tools } from '../tools/index.js';
import { PROGRAM } from './support/cli.js';
import { connectProcess } from './support/clients.js';
import { test } from './support/workspace.js';

const readme = readFileSync('README.md', 'utf8');
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    match => match[1] ?? '',
  );

const Entry = z.looseObject({ command: z.string(), args: z.array(z.string()) });
const Entries = z.record(z.string(), Entry);

function clientEntries(): z.output<typeof Entry>[] {
  const json = blocks('json').map(text => z.looseObject({}).parse(JSON.parse(text)));
  const toml = blocks('toml').map(text => parseToml(text));
  const maps = [...json, ...toml].flatMap(file => [file['mcpServers'], file['servers'], file['mcp_servers']]);
  const entries = maps.flatMap(map =>
    Object.values(z.record(z.string(), z.looseObject({})).optional().parse(map) ?? {}),
  );
  return entries.filter(entry => entry['url'] === undefined).map(entry => Entry.parse(entry));
}

test('every client configuration starts the server: its command and arguments are run as they stand', async ({
  repo,
}) => {
  const entries = clientEntries();
  expect(entries.length).toBeGreaterThanOrEqual(3);
  for (const { command, args } of entries) {
    expect(command).toBe('node');
    const real = args.map(arg =>
      arg
        .replace('/path/to/spec-kit-mcp/dist/bin/spec-kit-mcp.js', PROGRAM)
        .replace('/path/to/your/repository', repo.root)
        .replace(/^\$\{workspaceFolder\}$/, repo.root),
    );
    const scoped = real.includes('--workspace') ? real : [...real, '--workspace', repo.root];
    const peer = await connectProcess(process.execPath, scoped, 'modern');
    expect((await peer.tools()).length).toBe(tools.length);
    await peer.close();
  }
});

test('mcp.json starts the server from a checkout', async () => {
  const { mcpServers } = z
    .object({ mcpServers: Entries })
    .parse(JSON.parse(readFileSync('mcp.json', 'utf8')));
  for (const { args } of Object.values(mcpServers)) {
    const peer = await connectProcess(process.execPath, args, 'legacy');
    expect((await peer.tools()).length).toBe(tools.length);
    await peer.close();
  }
});

test('every command that is shown exists', () => {
  const known = [...answering, serveCommand].map(({ name }) => name).concat('demo', 'completion');
  for (const page of [
    'README.md',
    'docs/operating.md',
    'docs/settings.md',
    'docs/evidence.md',
    'docs/consensus.md',
    'docs/agents.md',
  ]) {
    const text = readFileSync(page, 'utf8');
    const shown = [...text.matchAll(/spec-kit-mcp(?:\.js)? ([a-z]+)\b/g)].map(match => match[1] ?? '');
    expect(shown.length, page).toBeGreaterThan(0);
    for (const name of shown) expect(known, `${page}: ${name}`).toContain(name);
  }
});

test("the commands for a repository of one's own run as they stand", ({ repo }) => {
  const shown = blocks('sh').find(text => text.startsWith('spec-kit-mcp init')) ?? '';
  const [auto, ...before] = shown.trimEnd().split('\n').reverse();
  // Nobody sits at a terminal here to be asked.
  const typed = before
    .reverse()
    .join('\n')
    .replace(/(spec-kit-mcp trust)\b/, '$1 --yes');
  const bin = path.join(repo.root, '.git/bin');
  mkdirSync(bin);
  writeFileSync(path.join(bin, 'spec-kit-mcp'), `#!/bin/sh\nexec "${process.execPath}" "${PROGRAM}" "$@"\n`, {
    mode: 0o755,
  });
  const env = {
    PATH: [bin, process.env['PATH'] ?? ''].join(path.delimiter),
    HOME: path.join(repo.root, '.git/home'),
  };
  const run = spawnSync('sh', ['-ec', [typed, `${auto} || echo "ended with $?"`].join('\n')], {
    cwd: repo.root,
    env,
    encoding: 'utf8',
  });
  expect(run.status, run.stderr).toBe(0);
  // A packet that nobody has filled in gets this far and no further.
  expect(run.stdout).toMatch(
    /plan +passed[\s\S]*tasks +failed[\s\S]*Still to be written: R1[\s\S]*ended with 1\n$/,
  );
});

test('every npm script that is shown exists', () => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync('package.json', 'utf8')));
  for (const [, name = ''] of readme.matchAll(/npm run ([a-z:]+)/g))
    expect(Object.keys(scripts)).toContain(name);
});

test('every tool stands in the table, and every link leads somewhere', () => {
  for (const { name } of tools) expect(readme).toContain(`\`${name}\``);
  for (const [, target = ''] of readme.matchAll(/\]\(([^)#:]+)\)/g))
    expect(existsSync(path.join('.', target)), target).toBe(true);
});

test('the spec-kit.toml that is shown is valid', () => {
  const settings = blocks('toml').filter(text => text.includes('[commands.'));
  expect(settings).toHaveLength(1);
  for (const text of settings) expect(Settings.safeParse(parseToml(text)).error).toBeUndefined();
});
