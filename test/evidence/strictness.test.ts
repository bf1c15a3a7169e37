import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it, test as plain } from 'vitest';
import { publishBundle } from '../../src/evidence/publish.js';
import { ambiguityOf } from '../../src/evidence/strict-json.js';
import { verifyEvidence } from '../../src/evidence/verify.js';
import { openTest, type Repository } from '../support/repository.js';
import { test } from '../support/workspace.js';
import { bundleOf, guardrailBundle, quiet, ROOT, SPEC } from './fixtures.js';
import { makeRecorded } from './recorded.js';

plain.for([
  ['{"a":1,"a":2}', 7, 'the same member twice'],
  ['{"a":1,"\\u0061":2}', 7, 'the same member twice'],
  ['{"é":"\\ud800"}', 6, 'half of a character'],
  ['[9007199254740993]', 1, 'loses digits'],
  ['[1e999]', 1, 'loses digits'],
  ['{"__proto__":1}', 1, 'named __proto__'],
  [`${'['.repeat(65)}${']'.repeat(65)}`, 64, 'more than 64 levels'],
  [`${'['.repeat(200_000)}${']'.repeat(200_000)}`, 64, 'more than 64 levels'],
  ['{"a":', 4, 'no JSON'],
  ['', 0, 'no JSON'],
] as const)('%s is ambiguous at byte %i: %s', ([text, byte, why]) => {
  const found = ambiguityOf(Buffer.from(text));
  expect(found?.byte).toBe(byte);
  expect(found?.why).toContain(why);
});

plain.for([
  '{"a": {"a": 1}, "b": ["a", "a"]}',
  '[9007199254740991, -1.5e3]',
  '"\\ud83d\\ude00"',
  `${'['.repeat(64)}${']'.repeat(64)}`,
  'null',
])('%s is not', text => expect(ambiguityOf(Buffer.from(text))).toBeUndefined());

plain('bytes that are no UTF-8 are ambiguous where they stand', () => {
  expect(ambiguityOf(Buffer.from('22c328223a', 'hex').subarray(0, 4))).toMatchObject({ byte: 1 });
});

const verify = (repo: Repository, input = {}) =>
  verifyEvidence(openTest(repo.root), ROOT, { specId: SPEC, ...input }, quiet);

test('telemetry that two readers read differently is reported with its byte', async ({ repo, workspace }) => {
  const bundle = guardrailBundle(workspace);
  const files = bundle.files.map(file =>
    'bytes' in file && file.name.endsWith('.json')
      ? {
          ...file,
          bytes: Buffer.from(Buffer.from(file.bytes).toString().replace('{', '{"outcome":"failed",')),
        }
      : file,
  );
  publishBundle(workspace, ROOT, { ...bundle, files });
  const { findings } = await verify(repo);
  expect(findings).toContainEqual(
    expect.objectContaining({ code: 'json-ambiguous', byte: expect.any(Number) }),
  );
});

test('a guardrail whose manifest is named after another stage is misplaced', async ({ repo, workspace }) => {
  publishBundle(workspace, ROOT, { ...guardrailBundle(workspace), prefix: 'spec-audit' });
  const { findings } = await verify(repo);
  expect(findings).toContainEqual(expect.objectContaining({ code: 'manifest-misplaced' }));
});

test('a commit that git does not know is named, and so are settings that are not those of the commit', async ({
  repo,
  workspace,
}) => {
  repo.write('spec-kit.toml', 'a = 1\n');
  repo.commit();
  const commit = repo.git('rev-parse', 'HEAD').trim();
  const source = { commit, tree: null, branch: null, dirty: false };
  publishBundle(workspace, ROOT, {
    ...bundleOf(workspace, { 'note.txt': 'x' }),
    source,
    configDigest: '0'.repeat(64),
  });
  const gone = { ...source, commit: 'a'.repeat(40) };
  publishBundle(workspace, ROOT, { ...bundleOf(workspace, { 'note.txt': 'x' }), source: gone });
  const { findings, outcome } = await verify(repo);
  expect(outcome).toBe('tampered');
  expect(findings.map(({ code, record }) => `${code} ${record}`)).toEqual([
    'config-mismatch 1',
    'source-unknown 2',
  ]);
});

test('settings at the commit are believed with either line end', async ({ repo, workspace }) => {
  repo.write('spec-kit.toml', 'a = 1\n');
  repo.commit();
  const commit = repo.git('rev-parse', 'HEAD').trim();
  const { createHash } = await import('node:crypto');
  for (const text of ['a = 1\n', 'a = 1\r\n']) {
    const configDigest = createHash('sha256').update(text).digest('hex');
    const source = { commit, tree: null, branch: null, dirty: false };
    publishBundle(workspace, ROOT, { ...bundleOf(workspace, { 'note.txt': 'x' }), source, configDigest });
  }
  expect(await verify(repo)).toMatchObject({ outcome: 'ok', findings: [] });
});

test('evidence that no longer fits the work tree is stale, when that is asked', async ({
  repo,
  workspace,
}) => {
  repo.write('code.txt', '1');
  repo.commit();
  const commit = repo.git('rev-parse', 'HEAD').trim();
  const source = { commit, tree: null, branch: null, dirty: false };
  const bundle = guardrailBundle(workspace, 'passed', 'passed', { git: source });
  publishBundle(workspace, ROOT, { ...bundle, source });
  expect(await verify(repo, { current: true })).toMatchObject({ outcome: 'ok', findings: [] });
  repo.write('code.txt', '2');
  repo.git('add', 'code.txt');
  repo.git('commit', '-qm', 'more');
  expect(await verify(repo)).toMatchObject({ outcome: 'ok' });
  expect(await verify(repo, { current: true })).toMatchObject({
    outcome: 'incomplete',
    findings: [{ code: 'stale', record: 1, message: expect.stringContaining('code.txt') }],
  });
});

test('a record of a far future is a clock that was wrong', async ({ repo }) => {
  const later = openTest(repo.root, {}, new Date('2091-01-01T00:00:00Z'));
  publishBundle(later, ROOT, bundleOf(later, { 'note.txt': 'x' }));
  expect(await verify(repo)).toMatchObject({
    outcome: 'ok',
    findings: [{ code: 'time-disorder', record: 1 }],
  });
});

test('the first byte that changed is named where git has the recorded bytes', async ({ repo, workspace }) => {
  const text = 'line one\nline two\nline three\n';
  const { files } = publishBundle(workspace, ROOT, bundleOf(workspace, { 'note.txt': text }));
  const file = files[0]?.path ?? '';
  repo.commit();
  repo.write(file, text.replace('two', 'TWO'));
  expect((await verify(repo)).findings).toMatchObject([{ code: 'file-changed', byte: 14, line: 2 }]);
});

describe('whatever lies in the evidence tree', () => {
  const recorded = makeRecorded();
  afterAll(() => recorded.dispose());
  const note = recorded.files.find(name => /note_.*Z-[0-9a-f]{8}\.txt$/.test(name)) ?? '';
  const manifest = recorded.files.find(name => /note_.*_manifest\.json$/.test(name)) ?? '';
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  const swap = (file: string, make: (full: string) => void) => () => {
    rmSync(recorded.at(file));
    make(recorded.at(file));
  };

  it.for([
    ['a FIFO instead of a file', swap(note, full => execFileSync('mkfifo', [full]))],
    ['a FIFO instead of a record', swap(recorded.recordFile(2), full => execFileSync('mkfifo', [full]))],
    ['a folder instead of a manifest', swap(manifest, full => mkdirSync(full))],
    ['a link to the outside', swap(note, full => symlinkSync('/etc/hostname', full))],
    ['a link to itself', swap(note, full => symlinkSync(path.basename(full), full))],
    [
      'two gigabytes of nothing',
      swap(note, full => {
        writeFileSync(full, '');
        truncateSync(full, 2 ** 31);
      }),
    ],
    [
      'a manifest of two gigabytes',
      swap(manifest, full => {
        writeFileSync(full, '');
        truncateSync(full, 2 ** 31);
      }),
    ],
    ['a record of brackets', swap(recorded.recordFile(3), full => writeFileSync(full, deep))],
    ['a manifest of brackets', swap(manifest, full => writeFileSync(full, deep))],
    [
      'a record with a member that is none',
      swap(recorded.recordFile(1), full => writeFileSync(full, '{"__proto__":{"seq":1}}\n')),
    ],
    ['a record of zeros', swap(recorded.recordFile(1), full => writeFileSync(full, Buffer.alloc(300)))],
    [
      'a name with a line break in the ledger',
      () => writeFileSync(recorded.at(`ledger/${SPEC}/a\nb.json`), ''),
    ],
    [
      'a name that reads backwards in the ledger',
      () => writeFileSync(recorded.at(`ledger/${SPEC}/\u202Egnp.json`), ''),
    ],
    [
      'a ledger of another spec with our records',
      () => {
        mkdirSync(recorded.at('ledger/SPEC-B-2'));
        writeFileSync(
          recorded.at('ledger/SPEC-B-2/00000001.json'),
          recorded.original(recorded.recordFile(1)),
        );
      },
    ],
  ] as const)('%s is a finding: no throw, no hang, no ok', async ([, change]) => {
    const report = await recorded.reportAfter(change, undefined, { specId: undefined });
    expect(report.outcome).toBe('tampered');
    expect(report.counts.error).toBeGreaterThan(0);
  });

  it('names that hide something in the folder of bundles are only counted', async () => {
    const report = await recorded.reportAfter(() => {
      for (const name of ['a\nb.json', '\u202Ex.txt', 'x'.repeat(250)])
        writeFileSync(recorded.at(`commands/${SPEC}/${name}`), '');
    });
    expect(report).toMatchObject({ outcome: 'ok', counts: { unverifiable: 3 } });
  });
});

test('a repository that git does not accept is not verified as a whole', async ({ repo, workspace }) => {
  publishBundle(workspace, ROOT, guardrailBundle(workspace));
  repo.commit();
  repo.write('.git/HEAD', 'spoilt\n');
  const report = await verify(repo);
  expect(report).toMatchObject({ outcome: 'incomplete', counts: { error: 0, warning: 1 } });
  expect(report.findings).toMatchObject([
    { code: 'git-unavailable', message: expect.stringMatching(/git does not answer: .*Restore it/) },
  ]);
});

test('an anchor in a commit holds for its own spec alone', async ({ repo, workspace }) => {
  publishBundle(workspace, ROOT, guardrailBundle(workspace));
  repo.commit(`evidence\n\nEvidence-Head: SPEC-B-2@1:${'b'.repeat(64)}`);
  expect((await verify(repo)).outcome).toBe('ok');
  expect(await verify(repo, { specId: undefined })).toMatchObject({
    outcome: 'anchor_mismatch',
    findings: [{ code: 'anchor-mismatch', specId: 'SPEC-B-2' }],
  });
  repo.commit(`more\n\nEvidence-Head: ${SPEC}@1:${'a'.repeat(64)}`);
  expect(await verify(repo)).toMatchObject({
    outcome: 'anchor_mismatch',
    findings: [{ code: 'anchor-mismatch', specId: SPEC }],
  });
});
