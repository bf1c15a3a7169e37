import { symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { lintPacket } from '../../src/packet/documents.js';
import { findPacket, listPackets } from '../../src/packet/find.js';
import { test } from '../support/workspace.js';

const spec = '# Spec: A\n\n## Context\n\n## Objectives\n';
const plan = `# Plan: A\n## Inputs\n## Work Breakdown\n## Acceptance Mapping\n## Risks & Unknowns\n## Consensus & Risks (Multi-AI)\n## Exit Criteria (Done)\n`;
const tasks =
  '# Tasks: A\n\n| Order | Task | Owner | Status | Validation |\n| --- | --- | --- | --- | --- |\n';
const packet = { specId: 'SPEC-A-1', directory: 'docs/SPEC-A-1' };
const codes = (findings: readonly { code: string; file: string }[]) =>
  findings.map(({ code, file }) => `${code} ${path.basename(file)}`);

test('finds nothing in a packet that follows the skeletons', ({ repo, workspace }) => {
  repo.write('docs/SPEC-A-1/spec.md', spec);
  repo.write('docs/SPEC-A-1/plan.md', plan.replaceAll('\n', '\r\n'));
  repo.write('docs/SPEC-A-1/tasks.md', tasks);
  expect(lintPacket(workspace, packet, 'Done')).toEqual([]);
});

test('documents of later stages are information until their stage is due', ({ repo, workspace }) => {
  repo.write('docs/SPEC-A-1/spec.md', spec);
  expect(codes(lintPacket(workspace, packet, 'In Progress'))).toEqual([
    'packet/not-due plan.md',
    'packet/not-due tasks.md',
  ]);
  expect(codes(lintPacket(workspace, packet, 'In Review'))).toEqual([
    'packet/missing-document plan.md',
    'packet/missing-document tasks.md',
  ]);
  repo.write('docs/SPEC-A-1/tasks.md', tasks);
  expect(codes(lintPacket(workspace, packet, null))).toEqual(['packet/missing-document plan.md']);
});

test('names each heading that is missing, and takes none from code or comments', ({ repo, workspace }) => {
  repo.write('docs/SPEC-A-1/spec.md', '# A\n```\n## Context\n```\n<!--\n## Objectives\n-->\n');
  const findings = lintPacket(workspace, packet, null).filter(({ file }) => file.endsWith('spec.md'));
  expect(findings.map(({ code, message }) => [code, message])).toEqual([
    ['packet/title', 'The first line should start with "# Spec".'],
    ['packet/missing-section', 'The line "## Context" is missing.'],
    ['packet/missing-section', 'The line "## Objectives" is missing.'],
  ]);
});

test('says when a document is no text or leads outside', ({ repo, workspace }) => {
  repo.write('docs/SPEC-A-1/spec.md', Buffer.from([0xff, 0xfe, 0x00]));
  symlinkSync(tmpdir(), path.join(repo.root, 'docs/SPEC-A-1/plan.md'));
  expect(codes(lintPacket(workspace, packet, null))).toEqual([
    'packet/unreadable spec.md',
    'packet/unreadable plan.md',
    'packet/not-due tasks.md',
  ]);
});

test('resolves an id to its own folder, with or without a slug', ({ repo, workspace }) => {
  repo.write('docs/SPEC-KIT-01-intro/spec.md', spec);
  repo.write('docs/SPEC-KIT-010/spec.md', spec);
  repo.write('docs/hal/spec.md', spec);
  expect(findPacket(workspace, 'docs', 'SPEC-KIT-01').directory).toBe('docs/SPEC-KIT-01-intro');
  expect(listPackets(workspace, 'docs').map(({ specId }) => specId)).toEqual(['SPEC-KIT-01', 'SPEC-KIT-010']);
});

test('refuses an unknown id, two folders for one id, and a folder that leads outside', ({
  repo,
  workspace,
}) => {
  repo.write('docs/SPEC-KIT-01/spec.md', spec);
  repo.write('docs/SPEC-KIT-01-again/spec.md', spec);
  symlinkSync(tmpdir(), path.join(repo.root, 'docs/SPEC-OUT-1'));
  expect(() => findPacket(workspace, 'docs', 'SPEC-KIT-02')).toThrow(
    /no packet for SPEC-KIT-02.*SPEC-KIT-01/,
  );
  expect(() => findPacket(workspace, 'docs', 'SPEC-KIT-01')).toThrow(
    /SPEC-KIT-01 and docs\/SPEC-KIT-01-again/,
  );
  expect(() => findPacket(workspace, 'docs', 'SPEC-OUT-1')).toThrow(/outside the workspace/);
});
