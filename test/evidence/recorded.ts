import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EvidenceFinding, VerifyReport } from '../../schemas/evidence-tools.js';
import type { Bundle } from '../../src/evidence/bundle.js';
import { sha256Of } from '../../src/evidence/digest.js';
import { publishBundle } from '../../src/evidence/publish.js';
import { verifyEvidence } from '../../src/evidence/verify.js';
import { verifySpec } from '../../src/evidence/verify-spec.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { makeRepository, openTest } from '../support/repository.js';
import { bundleOf, consensusBundle, guardrailBundle, halBundle, quiet, ROOT, SPEC } from './fixtures.js';

const threeBundles = (workspace: Workspace): readonly Bundle[] => [
  bundleOf(workspace, { 'note.txt': 'the first note, in plain text\n' }),
  guardrailBundle(workspace),
  bundleOf(workspace, { 'data.json': '{"answer":42}\n', 'big.txt': 'x'.repeat(70_000) }),
];

/** One bundle of each kind that there is, and a second note. */
export const fiveBundles = (workspace: Workspace): readonly Bundle[] => [
  guardrailBundle(workspace),
  halBundle(workspace),
  bundleOf(workspace, { 'note.txt': 'the first note, in plain text\n' }),
  consensusBundle(workspace, 'ok'),
  bundleOf(workspace, { 'data.json': '{"answer":42}\n' }),
];

/** A repository with recorded bundles, by default three, and a copy of its evidence to restore it from. */
export function makeRecorded(bundles = threeBundles) {
  const repo = makeRepository();
  const workspace = openTest(repo.root);
  const made = bundles(workspace);
  for (const bundle of made) publishBundle(workspace, ROOT, bundle);
  repo.commit();
  const pristine = path.join(realpathSync(mkdtempSync(path.join(tmpdir(), 'spec-kit-'))), 'evidence');
  cpSync(path.join(repo.root, ROOT), pristine, { recursive: true });

  const at = (file: string) => path.join(repo.root, ROOT, file);
  const original = (file: string) => readFileSync(path.join(pristine, file));
  const recordFile = (seq: number) => `ledger/${SPEC}/0000000${seq}.json`;
  const files = readdirSync(pristine, { recursive: true, encoding: 'utf8' })
    .filter(name => /^(commands|consensus|ledger)\/.*\.(json|txt)$/.test(name))
    .sort();
  return {
    workspace,
    /** Bundle files and records, relative to the evidence root. */
    files,
    at,
    original,
    recordFile,
    headDigest: sha256Of(original(recordFile(made.length))),

    /** The number of the record that a file belongs to. */
    recordOf(file: string): number {
      const own = /^ledger\/.*\/(\d{8})\.json$/.exec(file)?.[1];
      if (own !== undefined) return Number(own);
      const session = /\d{8}T\d{6}Z-[0-9a-f]{8}/.exec(file)?.[0] ?? 'none';
      return made.findIndex((_, index) => original(recordFile(index + 1)).includes(session)) + 1;
    },

    /** The report of the evidence after a change, which is undone again. */
    async reportAfter(change: () => void, expectHead?: string, over: object = {}): Promise<VerifyReport> {
      try {
        change();
        return await verifyEvidence(workspace, ROOT, { specId: SPEC, expectHead, ...over }, quiet);
      } finally {
        rmSync(path.join(repo.root, ROOT), { recursive: true });
        cpSync(pristine, path.join(repo.root, ROOT), { recursive: true });
      }
    },

    /** What a changed file leads to, without git; the file is restored. */
    async findingsWith(file: string, bytes: Uint8Array): Promise<readonly EvidenceFinding[]> {
      writeFileSync(at(file), bytes);
      const { findings } = await verifySpec(workspace, ROOT, SPEC, async () => {});
      writeFileSync(at(file), original(file));
      return findings;
    },

    restore() {
      rmSync(path.join(repo.root, ROOT), { recursive: true });
      cpSync(pristine, path.join(repo.root, ROOT), { recursive: true });
    },

    dispose() {
      rmSync(repo.root, { recursive: true, force: true });
      rmSync(path.dirname(pristine), { recursive: true, force: true });
    },
  };
}

export type Recorded = ReturnType<typeof makeRecorded>;

/** Of findings, relative to the evidence root. */
export function filesOf(found: readonly EvidenceFinding[]): (string | undefined)[] {
  return found.map(({ file }) => file?.slice(ROOT.length + 1));
}

export function codesOf(found: readonly EvidenceFinding[]): string[] {
  return found.map(({ code }) => code);
}

export function flipped(bytes: Buffer, offset: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[offset] = (copy[offset] ?? 0) ^ 1;
  return copy;
}
