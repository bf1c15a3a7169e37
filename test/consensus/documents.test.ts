import fc from 'fast-check';
import { expect } from 'vitest';
import { type DocumentFacts, planDocument, tasksDocument, titleOf } from '../../src/consensus/documents.js';
import { placeDocument, targetOf } from '../../src/consensus/place-document.js';
import { lintPacket } from '../../src/packet/documents.js';
import { SPEC_ID, writePacket } from '../support/packet.js';
import { test } from '../support/workspace.js';

const packet = { specId: SPEC_ID, directory: `docs/${SPEC_ID}` };
const facts: DocumentFacts = {
  specId: SPEC_ID,
  runId: '20261122T100000Z-0a0b0c0d',
  promptVersion: '20261124-plan-a',
  title: 'Demo',
  criteria: [{ id: 'R1', text: 'it answers', line: 1 }],
  inputs: [{ name: 'spec.md', path: 'docs/SPEC-KIT-DEMO/spec.md', sha256: 'a'.repeat(64) }],
  agreements: ['R1 comes first'],
  asserted: '',
  resolutions: [],
};
const plan = {
  final_plan: {
    work_breakdown: [{ step: 'Build R1', from: ['S1'], success_signal: 'it answers' }, 'Then rest'],
    acceptance_mapping: [{ requirement_id: 'R1', validation_step: 'curl', artifact: 'a | b' }],
    risks: [{ risk: 'late', owner: 'Ben', mitigation: 'start' }],
  },
};
const tasks = {
  validated_tasks: [
    {
      order: 1,
      task_id: 'T-1',
      title: 'Build',
      status: 'Done',
      validation_step: 'npm test',
      artifact: 'log',
      requirement_ids: ['R1'],
    },
  ],
};

test('plan.md has the agreed content in the sections of its skeleton', () => {
  expect(planDocument(facts, plan)).toBe(`# Plan: Demo

## Inputs
- Spec: docs/SPEC-KIT-DEMO/spec.md (sha256 aaaaaaaaaaaaaaaa)
- Constitution: none was shown to the agents
- Run: 20261122T100000Z-0a0b0c0d, prompts 20261124-plan-a

## Work Breakdown
1. Build R1 (done when: it answers)
2. Then rest

## Acceptance Mapping
| Requirement (Spec) | Validation Step | Test/Check Artifact |
| --- | --- | --- |
| R1: it answers | curl | a \\| b |

## Risks & Unknowns
- late; owner: Ben; mitigation: start

## Consensus & Risks (Multi-AI)
- Agreement: R1 comes first
- Disagreement & resolution: none.

## Exit Criteria (Done)
- R1: it answers: curl
`);
});

test('tasks.md starts every task in the backlog, whatever an agent says', () => {
  expect(tasksDocument(facts, tasks)).toContain(
    '| 1 | T-1: Build (R1) | unassigned | Backlog | npm test; log |',
  );
});

const hostile = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.constantFrom('```', '~~~~', '<!-- x', '## Inputs', '| a | b |', 'a\n```\nb', '# Plan', '\u202e', '---'),
);

test('whatever agents write, both documents pass our own lint', async ({ repo, workspace }) => {
  writePacket(repo);
  fc.assert(
    fc.property(hostile, hostile, hostile, (a, b, c) => {
      const facts2 = { ...facts, title: a, agreements: [b], resolutions: [c] };
      const final_plan = {
        work_breakdown: [{ step: a, success_signal: b }, c],
        acceptance_mapping: [{ requirement_id: a, validation_step: b, artifact: c }],
        risks: [{ risk: a, owner: b, mitigation: c }, b],
      };
      repo.write('docs/SPEC-KIT-DEMO/plan.md', planDocument(facts2, { final_plan }));
      repo.write(
        'docs/SPEC-KIT-DEMO/tasks.md',
        tasksDocument(facts2, {
          validated_tasks: [{ task_id: a, title: b, owner: c, validation_step: a, artifact: b }],
        }),
      );
      expect(lintPacket(workspace, packet, 'Done').filter(({ severity }) => severity === 'error')).toEqual(
        [],
      );
    }),
    { numRuns: 60 },
  );
});

test('the title of the spec goes on', () => {
  expect(titleOf('# Spec: SPEC-KIT-DEMO Baseline (T26)\r\nx', 'X')).toBe('SPEC-KIT-DEMO Baseline (T26)');
  expect(titleOf('no title', 'SPEC-KIT-DEMO')).toBe('SPEC-KIT-DEMO');
});

test('a document is placed where there was none, and over the committed one it replaces', async ({
  repo,
  workspace,
}) => {
  writePacket(repo);
  const path = 'docs/SPEC-KIT-DEMO/plan.md';
  await placeDocument(workspace, { path, sha256: null }, 'one\n');
  repo.commit();
  const target = targetOf(workspace, packet, 'plan');
  await placeDocument(workspace, target ?? { path, sha256: null }, 'two\n');
  expect(repo.read(path)).toBe('two\n');
  expect(targetOf(workspace, packet, 'audit')).toBeNull();
});

test.for<[string, string | null, string | null, RegExp]>([
  ['changed since', 'one\n', 'a person was here\n', /was changed since the run began/],
  ['removed since', 'one\n', null, /was removed since the run began/],
  ['made since', null, 'a person was here\n', /was changed since the run began/],
])('a document that a person %s is left alone', async ([, before, after, message], { repo, workspace }) => {
  writePacket(repo);
  const path = 'docs/SPEC-KIT-DEMO/plan.md';
  if (before !== null) repo.write(path, before);
  repo.commit();
  const target = targetOf(workspace, packet, 'plan') ?? { path, sha256: null };
  if (after === null) repo.git('rm', '-q', path);
  else repo.write(path, after);
  await expect(placeDocument(workspace, target, 'agreed\n')).rejects.toThrow(message);
});

test('a document with changes that no commit has is not overwritten', async ({ repo, workspace }) => {
  writePacket(repo);
  repo.write('docs/SPEC-KIT-DEMO/plan.md', 'not committed\n');
  const target = targetOf(workspace, packet, 'plan');
  await expect(
    placeDocument(workspace, target ?? { path: '', sha256: null }, 'agreed\n'),
  ).rejects.toMatchObject({ code: 'REFUSED', message: expect.stringContaining('not committed') });
});
