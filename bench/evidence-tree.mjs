// A workspace with many recorded bundles, written without fsync: what the product would have written, only faster.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { canonicalJson } from '../dist/src/evidence/canonical.js';
import { digestOf, sha256Of } from '../dist/src/evidence/digest.js';
import { manifestBytes } from '../dist/src/evidence/manifest.js';

export const SPEC = 'SPEC-KIT-001';
export const ROOT = 'docs/SPEC-OPS-004-integrated-coder-hooks/evidence';

export function makeWorkspace() {
  const root = mkdtempSync(path.join(tmpdir(), 'spec-kit-bench-'));
  execFileSync('git', ['init', '-q'], { cwd: root });
  mkdirSync(path.join(root, `docs/${SPEC}`), { recursive: true });
  writeFileSync(path.join(root, `docs/${SPEC}/spec.md`), '# Spec\n');
  return root;
}

/** `bundles` bundles of one file each: three files a bundle, with manifest and record. */
export function writeTree(root, bundles, contentOf = seq => `note ${seq}\n`) {
  const commands = path.join(root, ROOT, 'commands', SPEC);
  const ledger = path.join(root, ROOT, 'ledger', SPEC);
  mkdirSync(commands, { recursive: true });
  mkdirSync(ledger, { recursive: true });
  writeFileSync(path.join(root, ROOT, '.gitattributes'), '* -text -diff -filter -ident\n');
  let prev = '0'.repeat(64);
  for (let seq = 1; seq <= bundles; seq++) {
    const at = new Date(Date.UTC(2026, 0, 1) + seq * 1000).toISOString();
    const bundle = `${at.slice(0, 19).replaceAll(/[-:]/g, '')}Z-${seq.toString(16).padStart(8, '0')}`;
    const name = `note_${bundle}.txt`;
    const content = Buffer.from(contentOf(seq));
    writeFileSync(path.join(commands, name), content);
    const manifest = manifestBytes(
      {
        specId: SPEC, sessionId: bundle, kind: 'caller', attestedBy: 'caller', stage: null, outcome: null, checks: [], content: 'note',
        waivers: [], source: { commit: null, tree: null, branch: null, dirty: null }, configDigest: null, startedAt: at, endedAt: at,
      },
      [{ name, digest: digestOf(content) }],
      at,
      { node: process.version, os: 'linux x64' },
      text => text,
    );
    const file = `note_${bundle}_manifest.json`;
    writeFileSync(path.join(commands, file), manifest);
    const named = { path: `commands/${SPEC}/${file}`, sha256: sha256Of(manifest) };
    const record = Buffer.from(`${canonicalJson({ v: 1, seq, prev, specId: SPEC, bundle, manifest: named, at })}\n`);
    writeFileSync(path.join(ledger, `${String(seq).padStart(8, '0')}.json`), record);
    prev = sha256Of(record);
  }
}
