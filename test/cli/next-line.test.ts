import { expect, test as plain } from 'vitest';
import { nextLine } from '../../src/cli/next-line.js';
import { runCli } from '../support/cli.js';
import { SPEC_ID, writePacket } from '../support/packet.js';
import { test } from '../support/workspace.js';

const RUN = '20261122T100000Z-1a2b3c4d';

plain.for([
  ['spec_plan', { specId: SPEC_ID }, `plan ${SPEC_ID}`],
  ['spec_plan', { specId: SPEC_ID, runId: RUN }, `plan ${SPEC_ID} --run ${RUN}`],
  [
    'spec_stage',
    { specId: SPEC_ID, stage: 'tasks', runId: RUN, agent: 'claude' },
    `stage tasks ${SPEC_ID} --run ${RUN} --agent claude --output FILE`,
  ],
  ['run_guardrail', { specId: SPEC_ID, stage: 'audit' }, `guardrail audit ${SPEC_ID}`],
  ['hal_smoke', { specId: SPEC_ID }, `hal run ${SPEC_ID}`],
  ['lint_tasks', { specId: SPEC_ID, profile: 'strict' }, `lint --spec ${SPEC_ID}`],
  ['spec_auto', { specId: SPEC_ID, resume: RUN }, `auto ${SPEC_ID} --resume ${RUN}`],
  ['spec_status', { runId: RUN, waitSeconds: 45 }, `status --run ${RUN} --wait 45`],
  ['verify_evidence', {}, 'verify'],
] as const)('%s %j is "%s"', ([tool, given, command]) => {
  expect(nextLine({ tool, arguments: given })).toEqual([`next: spec-kit-mcp ${command}`]);
});

plain('what has no command has no line', () => {
  expect(nextLine(null)).toEqual([]);
  expect(nextLine({ tool: 'new_spec', arguments: { title: 'x' } })).toEqual([]);
});

test('the last line leads to the stage after one that passed, and to the same after one that did not', async ({
  repo,
}) => {
  writePacket(repo);
  const typed: string[] = [];
  for (let words = ['status', SPEC_ID]; typed.length < 3; ) {
    const { stdout } = await runCli(repo.root, words);
    const line = /^next: spec-kit-mcp (.*)$/m.exec(stdout.trimEnd().split('\n').at(-1) ?? '')?.[1] ?? '';
    typed.push(line);
    words = line.split(' ');
  }
  expect(typed).toEqual([
    `guardrail plan ${SPEC_ID}`,
    `guardrail tasks ${SPEC_ID}`,
    `guardrail tasks ${SPEC_ID}`,
  ]);
});
