import { expect, test } from 'vitest';
import { StageReport } from '../../schemas/stage-tools.js';
import { fitted, MAX_RESULT_BYTES } from '../../src/consensus/report.js';

const plain = StageReport.parse({
  workspace: 'repo',
  specId: 'SPEC-A-1',
  stage: 'plan',
  status: 'done',
  verdict: 'ok',
  summary: 'Said.',
  runId: null,
  guardrail: null,
  next: { tool: 'spec_status', arguments: { specId: 'SPEC-A-1' } },
});
const detail = (index: number) => ({
  rule: `R${index}`,
  severity: 'warn',
  detail: 'd'.repeat(300),
  how_to_clear: 'c',
});
const bytesOf = (report: StageReport) => Buffer.byteLength(JSON.stringify(report));
const awaiting = {
  agent: 'gemini' as const,
  role: 'Researcher',
  promptPath: 'p.md',
  promptUri: 'spec-kit://p',
  schemaPath: 's.json',
};

test('a report that is short enough stays as it is', () => {
  const report = { ...plain, findings: [detail(1)], awaiting: { ...awaiting, prompt: 'Say.' } };
  expect(fitted(report)).toEqual(report);
});

test('a prompt that is too long for it is left to its file, and nothing else', () => {
  const report = { ...plain, findings: [detail(1)], awaiting: { ...awaiting, prompt: 'p'.repeat(8_000) } };
  expect(fitted(report)).toEqual({ ...report, awaiting });
});

test('of too many entries the last go, findings before conflicts, and the summary says how many', () => {
  const findings = Array.from({ length: 40 }, (_, index) => detail(index));
  const conflicts = Array.from({ length: 3 }, (_, index) => `conflict ${index}`);
  const cut = fitted({ ...plain, findings, conflicts });
  expect(bytesOf(cut)).toBeLessThan(MAX_RESULT_BYTES);
  expect(bytesOf(cut)).toBeGreaterThan(MAX_RESULT_BYTES - 1_000);
  const kept = cut.findings ?? [];
  expect(kept).toEqual(findings.slice(0, kept.length));
  expect(cut.conflicts).toEqual(conflicts);
  expect(cut.summary).toBe(`Said. ${40 - kept.length} entries are left out here; the evidence has them all.`);
  const many = Array.from({ length: 90 }, (_, index) => `conflict ${index} ${'x'.repeat(290)}`);
  const without = fitted({ ...plain, findings: findings.slice(0, 2), conflicts: many });
  expect(without.findings).toEqual([]);
  const left = without.conflicts ?? [];
  expect(left).toEqual(many.slice(0, left.length));
  expect(without.summary).toContain(` ${92 - left.length} entries `);
});
