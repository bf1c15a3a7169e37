import path from 'node:path';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { init, uninstall } from '../../src/intake/init.js';
import { insertMember } from '../../src/intake/json-insert.js';
import { loadSettings } from '../../src/settings/load.js';
import { runCli } from '../support/cli.js';
import { ROOT } from '../support/earlier.js';
import { SPEC_ID, writePacket } from '../support/packet.js';
import { test } from '../support/workspace.js';

const argvOf = async (workspace: Parameters<typeof loadSettings>[0]) =>
  Object.fromEntries(
    Object.entries((await loadSettings(workspace)).settings.commands).map(([name, { argv }]) => [
      name,
      argv.join(' '),
    ]),
  );

describe('init proposes the commands of', () => {
  test.for([
    [
      'a Node package',
      { 'package.json': '{"scripts":{"build":"tsc","test":"vitest","lint":"biome"}}', 'pnpm-lock.yaml': '' },
      { build: 'pnpm run build', lint: 'pnpm run lint', test: 'pnpm run test' },
    ],
    [
      'a fresh npm package without tests',
      { 'package.json': '{"scripts":{"test":"echo no test specified"}}' },
      {},
    ],
    [
      'a Rust crate',
      { 'Cargo.toml': '[package]' },
      { build: 'cargo build --all-targets', test: 'cargo test' },
    ],
    [
      'a Go module',
      { 'go.mod': 'module x' },
      { build: 'go build ./...', lint: 'go vet ./...', test: 'go test ./...' },
    ],
    [
      'a Python project',
      { 'pyproject.toml': '[project]\n[tool.pytest.ini_options]\n[tool.ruff]\n' },
      { build: 'python3 -m compileall -q .', lint: 'python3 -m ruff check', test: 'python3 -m pytest' },
    ],
    [
      'a Makefile',
      { Makefile: 'TEST := 1\ntest: build\n\trm -rf /\nbuild:\n' },
      { build: 'make build', test: 'make test' },
    ],
    ['nothing it knows', { 'package.json': '{' }, {}],
  ] as const)('%s, and its settings load', async ([, given, commands], { repo, workspace }) => {
    for (const [path, text] of Object.entries(given)) repo.write(path, text);
    await init(workspace, [], false);
    expect(await argvOf(workspace)).toEqual(commands);
  });
});

test('a dry run writes nothing; a second init changes nothing; a file that is there is left alone', async ({
  repo,
  workspace,
}) => {
  repo.write('SPEC.md', 'ours');
  repo.commit();
  const shown = await init(workspace, ['claude'], true);
  expect(repo.git('status', '--porcelain')).toBe('');
  expect(shown.changes.map(({ path, action }) => `${action} ${path}`)).toEqual([
    'create spec-kit.toml',
    'keep SPEC.md',
    expect.stringMatching(/^create .*\/\.gitattributes$/),
    'create .mcp.json',
  ]);
  await init(workspace, ['claude'], false);
  const first = repo.git('status', '--porcelain', '-uall');
  expect(first).toContain('.mcp.json');
  const again = await init(workspace, ['claude'], false);
  expect(again.changes.every(({ action }) => action === 'keep')).toBe(true);
  expect(repo.git('status', '--porcelain', '-uall')).toBe(first);
  expect(repo.read('SPEC.md')).toBe('ours');
});

test('a client configuration gets one entry and keeps every other byte; uninstall gives the original back', async ({
  repo,
  workspace,
}) => {
  const before = '{\n\t"other": 1,\n\t"mcpServers" : { "a": {"command":"x"} }\n}\n';
  repo.write('.mcp.json', before);
  repo.write('SPEC.md', '# mine\n');
  const { backups } = await init(workspace, ['claude', 'cursor'], false);
  const after = repo.read('.mcp.json');
  expect(JSON.parse(after).mcpServers).toMatchObject({ a: { command: 'x' }, 'spec-kit': { command: 'npx' } });
  expect(after.endsWith('"a": {"command":"x"} }\n}\n')).toBe(true);
  expect(repo.read(backups[0] ?? '')).toBe(before);
  repo.write('spec-kit.toml', `${repo.read('spec-kit.toml')}# mine\n`);
  const done = await uninstall(workspace, false);
  expect(done).toMatchObject({ restored: ['.mcp.json'], kept: ['spec-kit.toml'] });
  expect(done.removed).toContain('.cursor/mcp.json');
  expect(repo.read('.mcp.json')).toBe(before);
  expect(repo.read('SPEC.md')).toBe('# mine\n');
  expect(await uninstall(workspace, false)).toEqual({ removed: [], restored: [], kept: [], needed: [] });
});

test('uninstall leaves what keeps git from changing evidence while evidence is there', async ({ repo }) => {
  const cli = (...words: string[]) => runCli(repo.root, words);
  writePacket(repo);
  await cli('init');
  const dry = await cli('uninstall', '--dry-run');
  expect(dry.stdout).toMatch(/^would remove {2}.*\/\.gitattributes$/m);
  expect(dry.stdout).not.toMatch(/^(removed|restored|kept)/m);
  expect(repo.read(`${ROOT}/.gitattributes`)).toContain('-text');
  repo.write('note.md', 'line one\nline two\n');
  await cli('evidence', 'write', SPEC_ID, 'note.md', '--from', 'note.md');
  const { stdout } = await cli('uninstall');
  expect(stdout).toMatch(/^kept {5}.*\/\.gitattributes: it keeps git from changing the evidence/m);
  expect(stdout).toMatch(/^removed {2}spec-kit\.toml$/m);
  repo.commit();
  const clone = path.join(repo.root, '.git/clone');
  repo.git('clone', '-q', '-c', 'core.autocrlf=true', repo.root, clone);
  expect((await runCli(clone, ['verify', '--all'])).exitCode).toBe(0);
});

test('uninstall takes the attributes of evidence where there is no evidence', async ({ workspace }) => {
  await init(workspace, [], false);
  const done = await uninstall(workspace, false);
  expect(done).toMatchObject({ removed: expect.arrayContaining([`${ROOT}/.gitattributes`]), needed: [] });
  expect(workspace.files.info(`${ROOT}/.gitattributes`).kind).toBe('missing');
});

test.for(['{', '[]', '{"mcpServers": []}', '// comment\n{}'])(
  'a malformed client configuration stops all of it: %s',
  async (text, { repo, workspace }) => {
    repo.write('.mcp.json', text);
    repo.commit();
    await expect(init(workspace, ['claude'], false)).rejects.toThrow('.mcp.json was left alone');
    expect(repo.git('status', '--porcelain')).toBe('');
  },
);

test('an unknown client is refused with those there are', async ({ workspace }) => {
  await expect(init(workspace, ['emacs'], false)).rejects.toThrow(/claude, vscode, cursor, gemini/);
});

test('an entry is inserted into any JSON object, or the text is refused', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.constantFrom(undefined, 1, '\t'),
      (outer, inner, indent) => {
        const { spec: _, ...rest } = inner;
        const whole = { ...outer, servers: rest };
        const text = JSON.stringify(whole, null, indent);
        const after = insertMember('x.json', text, 'servers', 'spec', { a: 1 });
        expect(JSON.parse(after ?? '')).toEqual(
          JSON.parse(JSON.stringify({ ...whole, servers: { ...rest, spec: { a: 1 } } })),
        );
      },
    ),
  );
});

test('in a subfolder of a dirty repository the top level is prepared, and what is there stays', async ({
  repo,
  workspace,
}) => {
  repo.write('package.json', '{"scripts":{"test":"x"}}');
  repo.commit();
  repo.write('deep/er/work.txt', 'unfinished');
  const { exitCode, stdout } = await runCli(path.join(repo.root, 'deep/er'), ['init', '--json']);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout).commands).toMatchObject([{ name: 'test', argv: ['npm', 'run', 'test'] }]);
  expect(await argvOf(workspace)).toEqual({ test: 'npm run test' });
  expect(repo.read('deep/er/work.txt')).toBe('unfinished');
  expect(repo.git('status', '--porcelain', 'deep')).toContain('?? deep/');
});
