import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { diagnose } from '../../src/doctor/doctor.js';
import { createRun, updateRun } from '../../src/pipeline/run-store.js';
import { writePipeline } from '../support/auto.js';
import { SPEC_ID } from '../support/packet.js';
import { openTest, type Repository } from '../support/repository.js';
import { test } from '../support/workspace.js';

const doctor = async (repo: Repository, over: Parameters<typeof openTest>[1] = {}) =>
  diagnose({
    workspace: openTest(repo.root, over),
    signal: new AbortController().signal,
    progress: async () => {},
  });

const bad = async (repo: Repository, over: Parameters<typeof openTest>[1] = {}) =>
  Object.fromEntries(
    (await doctor(repo, over))
      .filter(({ status }) => status !== 'ok')
      .map(({ name, status, fix }) => [name, `${status}: ${fix}`]),
  );

const trusted = (repo: Repository) => ({
  trust: createHash('sha256').update(repo.read('spec-kit.toml')).digest('hex'),
});

test('says nothing against a repository that is ready', async ({ repo }) => {
  writePipeline(repo);
  expect(await bad(repo, trusted(repo))).toEqual({});
});

test('says of an empty repository what to do first', async ({ repo }) => {
  expect(await bad(repo)).toMatchObject({
    workspace: expect.stringMatching(/^problem: Commit/),
    config: expect.stringMatching(/spec-kit-mcp init/),
    tracker: expect.stringMatching(/spec-kit-mcp init/),
  });
});

test('names each thing that is wrong, with a fix', async ({ repo }) => {
  writePipeline(
    repo,
    '[commands.gone]\nargv = ["no-such-program-7"]\n[agents.gemini]\nmode = "http"\napi = "gemini"\nkey_env = "NO_SUCH_KEY"\n[hal]\nbase_url = "http://127.0.0.1:9"\n',
  );
  repo.write('.gitignore', 'docs/SPEC-OPS-004-integrated-coder-hooks/\n');
  repo.write('.mcp.json', '{"mcpServers": {}}');
  repo.write('.cursor/mcp.json', '{');
  const workspace = openTest(repo.root);
  const root = 'docs/SPEC-OPS-004-integrated-coder-hooks/evidence';
  const { runId } = createRun(workspace, root, { kind: 'auto', specId: SPEC_ID, stage: null });
  updateRun(workspace, root, runId, () => ({ status: 'interrupted', owner: null }));
  expect(await bad(repo)).toMatchObject({
    trust: expect.stringMatching(/SPEC_KIT_TRUST=/),
    hal: expect.stringMatching(/trust/),
  });
  const found = await doctor(repo, trusted(repo));
  const of = (name: string) => found.filter(each => each.name === name && each.status !== 'ok');
  expect(of('programs')[0]?.message).toMatch(/no such program/);
  expect(of('agents')[0]?.fix).toMatch(/Set NO_SUCH_KEY/);
  expect(of('hal')[0]?.message).toMatch(/ECONNREFUSED/);
  expect(of('evidence')[0]?.message).toMatch(/git ignores/);
  expect(of('runs')[0]?.fix).toContain(`--resume ${runId}`);
  expect(of('clients').map(({ message }) => message)).toEqual([
    expect.stringMatching(/\.mcp\.json has no entry/),
    expect.stringMatching(/\.cursor\/mcp\.json was left alone/),
  ]);
  repo.write('spec-kit.toml', 'nonsense = 1');
  expect((await bad(repo))['config']).toMatch(/Mend spec-kit\.toml/);
});
