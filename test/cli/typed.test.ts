import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test as plain } from 'vitest';
import { asTyped } from '../../src/cli/typed.js';
import { createRun } from '../../src/pipeline/run-store.js';
import { tools } from '../../tools/index.js';
import { runCli } from '../support/cli.js';
import { ROOT } from '../support/earlier.js';
import { SPEC_ID, writePacket } from '../support/packet.js';
import { test } from '../support/workspace.js';

const RUN = '20261122T100000Z-1a2b3c4d';

plain.for([
  [
    `Go on with spec_auto {"specId":"X-1","resume":"${RUN}"}.`,
    `Go on with \`spec-kit-mcp auto X-1 --resume ${RUN}\`.`,
  ],
  [
    'Begin again with spec_auto {"specId":"X-1","from":"tasks"}.',
    'Begin again with `spec-kit-mcp auto X-1 --from tasks`.',
  ],
  [
    `End it with spec_auto {"specId":"X-1","cancel":"${RUN}"} (\`spec-kit-mcp status --run ${RUN} --cancel\`).`,
    `End it with \`spec-kit-mcp status --run ${RUN} --cancel\`.`,
  ],
  ['Known specs: X-1; spec_status lists all.', 'Known specs: X-1; `spec-kit-mcp status` lists all.'],
  ['new_spec and `spec-kit-mcp init` make one', '`spec-kit-mcp new` and `spec-kit-mcp init` make one'],
] as const)('%s', ([sentence, typed]) => {
  expect(asTyped(sentence)).toBe(typed);
});

plain.for([
  'There is no command "spec_status".',
  'docs/spec_status/x, spec_status.md and my-spec_status are files',
  'respec_status spec_statuses `spec_status` spec_auto_x',
])('what is no name of a tool stays: %s', sentence => {
  expect(asTyped(sentence)).toBe(sentence);
});

plain('every tool has its command', () => {
  for (const { name } of tools)
    expect(asTyped(`${name} does it.`)).toMatch(/^`spec-kit-mcp [a-z ]+` does it\.$/);
});

describe('at a command line', () => {
  test('an unknown spec leads to a command, and names each spec once', async ({ repo }) => {
    writePacket(repo);
    repo.write(`docs/${SPEC_ID}-twice/spec.md`, '# twice\n');
    const { stderr } = await runCli(repo.root, ['status', 'SPEC-KIT-NONE']);
    expect(stderr).toContain(`Known specs: ${SPEC_ID}; \`spec-kit-mcp status\` lists all.`);
    rmSync(path.join(repo.root, 'docs'), { recursive: true });
    const none = await runCli(repo.root, ['status', 'SPEC-KIT-NONE']);
    expect(none.stderr).toContain('There is none at all: `spec-kit-mcp new` starts one.');
  });

  test('a run that is going on is ended by a command', async ({ repo, workspace }) => {
    writePacket(repo);
    const { runId } = createRun(workspace, ROOT, { kind: 'auto', specId: SPEC_ID, stage: null });
    const { exitCode, stderr } = await runCli(repo.root, ['auto', SPEC_ID, '--skip-consensus']);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining(`with \`spec-kit-mcp status --run ${runId} --cancel\`.`),
    ]);
    expect(stderr).not.toMatch(/spec_|\{/);
  });

  test.for([
    [['guardrail', 'plan'], 'guardrail takes STAGE SPEC-ID; given: "plan". Example'],
    [['guardrail'], 'guardrail takes STAGE SPEC-ID; given: nothing. Example'],
    [['doctor', 'x', 'y'], 'doctor takes no arguments; given: "x" "y". Example'],
    [['auto', SPEC_ID, '--stages', 'plan,nope'], '--stages, item 2 must be one of plan, tasks,'],
    [['auto', 'foo'], 'SPEC-ID must be a spec id such as SPEC-KIT-018'],
    [
      ['guardrail', 'tasks', SPEC_ID, '--baseline-mode', 'full'],
      '--baseline-mode goes with the plan stage alone',
    ],
    [['status', '--workspace', 'SPEC.md'], 'SPEC.md is not a folder. Name a folder of a git repository'],
  ] as const)('%j is refused with what was wrong', async ([words, said], { repo }) => {
    writePacket(repo);
    const { exitCode, stderr } = await runCli(repo.root, words);
    expect([exitCode, stderr]).toEqual([4, expect.stringContaining(said)]);
  });

  test.for([[['status']], [['status', SPEC_ID]], [['new', 'A title']]] as const)(
    'a file where packets should lie is named: %j',
    async ([words], { repo }) => {
      repo.write('docs', 'a file');
      const { exitCode, stderr } = await runCli(repo.root, words);
      expect([exitCode, stderr]).toEqual([4, expect.stringMatching(/^docs is not a folder, .*docs_root/)]);
      expect(repo.git('status', '--porcelain')).toBe('?? docs\n');
      rmSync(path.join(repo.root, 'docs'));
      mkdirSync(path.join(repo.root, 'docs'));
      expect((await runCli(repo.root, ['new', 'A title'])).exitCode).toBe(0);
    },
  );

  test('a head of a spec without a ledger names the spec', async ({ repo }) => {
    writePacket(repo);
    const { exitCode, stdout } = await runCli(repo.root, [
      'verify',
      '--expect-head',
      `SPEC-KIT-NONE@3:${'a'.repeat(64)}`,
    ]);
    expect([exitCode, stdout]).toEqual([
      3,
      expect.stringContaining('There is no ledger of SPEC-KIT-NONE here'),
    ]);
  });
});
