import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { LedgerRecord, Manifest } from '../../schemas/evidence.js';
import { publishBundle } from '../../src/evidence/publish.js';
import { test } from '../support/workspace.js';
import { bundleOf, ROOT } from './fixtures.js';

const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');

describe('publishing a bundle', () => {
  test('puts the files, the manifest and the record where the contract says', ({ repo, workspace }) => {
    const bundle = bundleOf(workspace, { 'note.txt': 'hello\n' });
    const { files, manifest, record, resource } = publishBundle(workspace, ROOT, bundle);
    const session = bundle.sessionId;
    expect(files).toEqual([
      { path: `${ROOT}/commands/SPEC-A-1/note_${session}.txt`, sha256: sha256('hello\n'), size: 6 },
    ]);
    expect(manifest.path).toBe(`${ROOT}/commands/SPEC-A-1/note_${session}_manifest.json`);
    expect(record.path).toBe(`${ROOT}/ledger/SPEC-A-1/00000001.json`);
    expect(resource).toBe(`spec-kit://evidence/SPEC-A-1/${session}`);
    expect(repo.read(`${ROOT}/.gitattributes`)).toBe('* -text -diff -filter -ident\n');
    expect(sha256(repo.read(manifest.path))).toBe(manifest.sha256);
    expect(sha256(repo.read(record.path))).toBe(record.sha256);
  });

  test('writes an in-toto statement whose subjects git can find again', ({ repo, workspace }) => {
    const { manifest, files } = publishBundle(
      workspace,
      ROOT,
      bundleOf(workspace, { 'note.txt': 'hello\n' }),
    );
    const statement = Manifest.parse(JSON.parse(repo.read(manifest.path)));
    expect(statement._type).toBe('https://in-toto.io/Statement/v1');
    const [subject] = statement.subject;
    expect(`${ROOT}/${subject?.name}`).toBe(files[0]?.path);
    expect(subject?.annotations.gitBlob).toBe(repo.git('hash-object', files[0]?.path ?? '').trim());
    expect(statement.predicate).toMatchObject({ kind: 'caller', attestedBy: 'caller', outcome: null });
  });

  test('chains each record to the exact bytes of the one before', ({ repo, workspace }) => {
    const records = [1, 2, 3].map(
      () => publishBundle(workspace, ROOT, bundleOf(workspace, { 'note.txt': 'x' })).record,
    );
    const parsed = records.map(({ path: at }) => LedgerRecord.parse(JSON.parse(repo.read(at))));
    expect(parsed.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(parsed.map(({ prev }) => prev)).toEqual(['0'.repeat(64), records[0]?.sha256, records[1]?.sha256]);
  });

  test('leaves nothing in staging and nothing there for git to see', ({ repo, workspace }) => {
    publishBundle(workspace, ROOT, bundleOf(workspace, { 'note.txt': 'x' }));
    expect(readdirSync(path.join(repo.root, ROOT, '.staging'))).toEqual(['.gitignore']);
    expect(repo.git('status', '--porcelain', '-uall')).not.toContain('.staging');
  });

  test('moves a staged log with the digests of its 64 KiB chunks', ({ repo, workspace }) => {
    const log = Buffer.alloc(150_000, 'log line\n');
    const bundle = bundleOf(workspace, {});
    const staged = `${ROOT}/.staging/run-1/log.txt`;
    repo.write(staged, log);
    const name = `note_${bundle.sessionId}_log.txt`;
    const { manifest, files } = publishBundle(workspace, ROOT, {
      ...bundle,
      files: [{ name, staged, sha256: sha256(log), size: log.length }],
    });
    const { subject } = Manifest.parse(JSON.parse(repo.read(manifest.path)));
    expect(subject[0]?.annotations.chunks).toEqual([
      sha256(log.subarray(0, 65_536)),
      sha256(log.subarray(65_536, 131_072)),
      sha256(log.subarray(131_072)),
    ]);
    expect(existsSync(path.join(repo.root, staged))).toBe(false);
    expect(repo.read(files[0]?.path ?? '')).toBe(log.toString());
  });

  test('refuses a staged log that changed since it was hashed, and keeps nothing', ({ repo, workspace }) => {
    const bundle = bundleOf(workspace, {});
    repo.write(`${ROOT}/.staging/run-1/log.txt`, 'other');
    const files = [
      {
        name: `note_${bundle.sessionId}_log.txt`,
        staged: `${ROOT}/.staging/run-1/log.txt`,
        sha256: sha256('seen'),
        size: 4,
      },
    ];
    expect(() => publishBundle(workspace, ROOT, { ...bundle, files })).toThrowError(
      expect.objectContaining({ code: 'EVIDENCE_WRITE_FAILED' }),
    );
    expect(existsSync(path.join(repo.root, ROOT, 'commands'))).toBe(false);
  });

  test('never overwrites: a second bundle of one session is refused and the first stays', ({
    repo,
    workspace,
  }) => {
    const bundle = bundleOf(workspace, { 'note.txt': 'first' });
    const first = publishBundle(workspace, ROOT, bundle);
    const again = bundleOf(workspace, { 'note.txt': 'second' }, bundle.sessionId);
    expect(() => publishBundle(workspace, ROOT, again)).toThrowError(
      expect.objectContaining({ code: 'EVIDENCE_WRITE_FAILED' }),
    );
    expect(repo.read(first.files[0]?.path ?? '')).toBe('first');
    expect(readdirSync(path.join(repo.root, ROOT, 'ledger/SPEC-A-1'))).toEqual(['00000001.json']);
  });

  test('publishes files that others can read', ({ repo, workspace }) => {
    const { files } = publishBundle(workspace, ROOT, bundleOf(workspace, { 'note.txt': 'x' }));
    const mode = statSync(path.join(repo.root, files[0]?.path ?? '')).mode & 0o777;
    const umask = Number.parseInt(execFileSync('sh', ['-c', 'umask'], { encoding: 'utf8' }), 8);
    expect(mode).toBe(0o644 & ~umask);
  });
});
