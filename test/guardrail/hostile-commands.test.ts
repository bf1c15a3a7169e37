import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { verifyEvidence } from '../../src/evidence/verify.js';
import { DEFAULT_ROOT, quiet } from '../evidence/fixtures.js';
import { SPEC_ID, writePacket } from '../support/packet.js';
import { node, plan, settings, statusOf } from '../support/plan.js';
import { openTest } from '../support/repository.js';
import { test } from '../support/workspace.js';

test('a shell line is one program name, which does not exist: no shell ever reads it', async ({ repo }) => {
  writePacket(repo, settings('argv = ["echo hello && touch ran"]'));
  const { report } = await plan(repo);
  expect(statusOf(report, 'baseline:build')).toBe('not_run');
  expect(report.outcome).toBe('incomplete');
  expect(existsSync(path.join(repo.root, 'ran'))).toBe(false);
});

test('a command that deletes the evidence folder leads to no pass without evidence', async ({ repo }) => {
  writePacket(
    repo,
    settings(node(`require("fs").rmSync("${DEFAULT_ROOT}", { recursive: true, force: true })`)),
  );
  mkdirSync(path.join(repo.root, DEFAULT_ROOT), { recursive: true });
  const ended = await plan(repo).then(
    ({ report }) => report.outcome,
    (error: { code?: string }) => error.code,
  );
  expect(ended).not.toBe('passed');
  const { outcome, counts } = await verifyEvidence(
    openTest(repo.root),
    DEFAULT_ROOT,
    { specId: SPEC_ID },
    quiet,
  );
  expect([ended, outcome, counts.error]).toEqual(['FILE_UNAVAILABLE', 'incomplete', 0]);
});

test('a command that prints bytes that are no UTF-8 is judged by its exit, and its log keeps them', async ({
  repo,
}) => {
  writePacket(repo, settings(node('process.stdout.write(Buffer.from([0xff, 0xfe, 0x41, 0xc3, 0x28]))')));
  const { report } = await plan(repo);
  expect(statusOf(report, 'baseline:build')).toBe('passed');
  const report2 = await verifyEvidence(openTest(repo.root), DEFAULT_ROOT, { specId: SPEC_ID }, quiet);
  expect(report2.outcome).toBe('ok');
});
