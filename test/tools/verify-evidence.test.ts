import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { VerifyReport } from '../../schemas/evidence-tools.js';
import { GuardrailReport } from '../../schemas/guardrail.js';
import { SPEC_ID, writePacket } from '../support/packet.js';
import { test } from '../support/served.js';

test('untouched evidence verifies, and the report says that nothing anchors it', async ({ repo, client }) => {
  writePacket(repo);
  await client.call('run_guardrail', { specId: SPEC_ID, stage: 'plan' });
  const report = VerifyReport.parse((await client.call('verify_evidence', { specId: SPEC_ID })).structured);
  expect(report).toMatchObject({ outcome: 'ok', counts: { records: 1, error: 0 } });
  expect(report.anchor).toMatch(/no anchor/i);
  const anchored = await client.call('verify_evidence', { specId: SPEC_ID, expectHead: report.heads[0] });
  expect(anchored.structured).toMatchObject({ outcome: 'ok' });
});

test('one byte more in a telemetry file is named with its record and file', async ({ repo, client }) => {
  writePacket(repo);
  const run = await client.call('run_guardrail', { specId: SPEC_ID, stage: 'plan' });
  const { telemetry } = GuardrailReport.parse(run.structured);
  appendFileSync(path.join(repo.root, telemetry), ' ');
  const report = VerifyReport.parse((await client.call('verify_evidence')).structured);
  expect(report.outcome).toBe('tampered');
  expect(report.findings).toEqual(
    expect.arrayContaining([expect.objectContaining({ file: telemetry, record: 1 })]),
  );
});

test('a spec without evidence is said to have none', async ({ repo, client }) => {
  writePacket(repo);
  const result = await client.call('verify_evidence', { specId: SPEC_ID });
  expect(result.text).toMatch(/no evidence|0 records|nothing/i);
});
