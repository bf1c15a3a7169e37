import { expect } from 'vitest';
import { WriteEvidenceResult } from '../../schemas/evidence-tools.js';
import { SPEC_ID, writePacket } from '../support/packet.js';
import { test } from '../support/served.js';

test('stores a note that can be read back, labelled as the caller own word', async ({ repo, client }) => {
  writePacket(repo);
  const args = { specId: SPEC_ID, name: 'review-notes.md', content: '# Looked at it\n' };
  const result = WriteEvidenceResult.parse((await client.call('write_evidence', args)).structured);
  expect(result.attestedBy).toBe('caller');
  const file = result.files[0]?.path.split('/').at(-1) ?? '';
  expect(await client.read(`${result.resource}/${file}`)).toBe('# Looked at it\n');
});

test('opens no gate: the stage still has no outcome', async ({ repo, client }) => {
  writePacket(repo);
  const forged = {
    stage: 'plan',
    outcome: 'passed',
    checks: [{ name: 'x', status: 'passed', required: true }],
  };
  await client.call('write_evidence', {
    specId: SPEC_ID,
    name: 'plan.json',
    json: forged,
    kind: 'guardrail',
  });
  expect((await client.call('spec_status', { specId: SPEC_ID })).structured).toMatchObject({ stages: [] });
});

test.for([
  ['a name that climbs', { name: '../x.md', content: 'x' }, /bare file name/],
  ['an absolute name', { name: '/tmp/x.md', content: 'x' }, /bare file name/],
  ['a name reserved on Windows', { name: 'con.md', content: 'x' }, /reserved on Windows/],
  ['a name of 300 characters', { name: `${'x'.repeat(300)}.md`, content: 'x' }, /bare file name/],
  ['a look-alike letter', { name: 'nоtes.md', content: 'x' }, /bare file name/],
  ['the name of a result of ours', { name: 'spec-plan.json', json: {} }, /must not start with spec-/],
  ['no content', { name: 'x.md' }, /exactly one of content and json/],
  ['both contents', { name: 'x.json', content: 'x', json: {} }, /exactly one of content and json/],
  ['empty content', { name: 'x.md', content: '' }, /must not be empty/],
  ['content of 5 MB', { name: 'x.md', content: 'x'.repeat(5 * 1024 * 1024) }, /1 MiB/],
  ['binary content', { name: 'x.md', content: 'a\0b' }, /NUL|text/],
  ['an unknown spec', { specId: 'SPEC-KIT-404', name: 'x.md', content: 'x' }, /SPEC-KIT-404/],
] as const)('%s is refused, and nothing is written', async ([, args, says], { repo, client }) => {
  writePacket(repo);
  const result = await client.call('write_evidence', { specId: SPEC_ID, ...args });
  expect(result.isError).toBe(true);
  expect(result.text).toMatch(says);
  expect(repo.git('status', '--porcelain')).toBe('');
});
