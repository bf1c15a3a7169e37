import { expect } from 'vitest';
import { readContext } from '../../src/consensus/context.js';
import { preflight } from '../../src/consensus/preflight.js';
import type { Packet } from '../../src/packet/find.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { SPEC_ID, SPEC_MD, writePacket } from '../support/packet.js';
import { test } from '../support/workspace.js';

const packet: Packet = { specId: SPEC_ID, directory: `docs/${SPEC_ID}` };
const GOOD = `${SPEC_MD}\n## Acceptance Criteria\n\n- R1: it answers\n- It also says \`docs/SPEC-KIT-DEMO/spec.md\`\n`;

async function check(workspace: Workspace, budget = 60_000) {
  const found = await preflight(workspace, packet, readContext(workspace, packet, 'own', budget));
  return { ...found, lines: found.findings.map(({ code, file, line }) => `${code} ${file}:${line}`) };
}

test('a packet with nothing wrong has its criteria and no findings', async ({ repo, workspace }) => {
  writePacket(repo);
  repo.write('docs/SPEC-KIT-DEMO/spec.md', GOOD);
  repo.write('memory/constitution.md', '# Rules\n');
  repo.commit();
  const { criteria, findings } = await check(workspace);
  expect(criteria.map(({ id, line }) => [id, line])).toEqual([
    ['R1', 13],
    ['AC-2', 14],
  ]);
  expect(findings).toEqual([]);
});

test.for([
  ['no criteria', SPEC_MD, 'preflight/no-criteria', 1],
  ['a section without a word', `${GOOD}\n## Scope\n\n## Risks\n\n- none\n`, 'preflight/empty-section', 16],
  ['an empty section at the end', `${GOOD}\n## Scope\n`, 'preflight/empty-section', 16],
  ['an open question', `${GOOD}\n[NEEDS CLARIFICATION: which port?]\n`, 'preflight/placeholder', 16],
  ['a placeholder word', `${GOOD}\n- owner: TBD\n`, 'preflight/placeholder', 16],
  ['a missing file', `${GOOD}\nSee \`scripts/gone/run.sh\`.\n`, 'preflight/missing-path', 16],
  ['a missing section', GOOD.replace('## Objectives', '## Aims'), 'packet/missing-section', 15],
] as const)('%s is found at its line', async ([, spec, code, line], { repo, workspace }) => {
  writePacket(repo);
  repo.write('docs/SPEC-KIT-DEMO/spec.md', spec);
  repo.commit();
  expect((await check(workspace)).lines).toContain(`${code} docs/SPEC-KIT-DEMO/spec.md:${line}`);
});

test.for([
  ['placeholders in code', '```\nTODO\n```\n`[TODO]` and `TBD` are words.'],
  [
    'patterns, URLs, commands and branches',
    '`docs/*/x.md` https://a.example/b/c.md `/spec-plan` `feat/spec-auto` a/b',
  ],
  ['two documents with a slash between', 'see plan.md/tasks.md'],
  ['sections inside a section', '## Scope\n\n### In\n\n- one'],
] as const)('%s are no findings', async ([, text], { repo, workspace }) => {
  writePacket(repo);
  repo.write('memory/constitution.md', '# Rules\n');
  repo.write('docs/SPEC-KIT-DEMO/spec.md', `${GOOD}\n${text}\n`);
  repo.commit();
  expect((await check(workspace)).lines).toEqual([]);
});

test('a file on disk that git does not track is missing in every clone', async ({ repo, workspace }) => {
  writePacket(repo);
  repo.write('docs/SPEC-KIT-DEMO/spec.md', `${GOOD}\nSee docs/notes/new.md.\n`);
  repo.commit();
  repo.write('docs/notes/new.md', 'new\n');
  expect((await check(workspace)).lines).toContain('preflight/missing-path docs/SPEC-KIT-DEMO/spec.md:16');
});

test('findings come by weight, then by file, then by line', async ({ repo, workspace }) => {
  writePacket(repo);
  const wrong = '\n- owner: TBD\n\nSee docs/none.md.\n\n## Empty\n';
  repo.write('docs/SPEC-KIT-DEMO/plan.md', `# Plan\n${wrong}`);
  repo.write('docs/SPEC-KIT-DEMO/spec.md', `${SPEC_MD.replace('## Objectives', '## Aims')}${wrong}`);
  repo.commit();
  expect((await check(workspace)).lines).toMatchSnapshot();
});

test('a spec that does not fit is cut, and that is said', async ({ repo, workspace }) => {
  writePacket(repo);
  repo.write('docs/SPEC-KIT-DEMO/spec.md', `${GOOD}\n${'- a line of the spec\n'.repeat(2000)}`);
  repo.commit();
  expect((await check(workspace, 1000)).lines).toContain('preflight/spec-cut docs/SPEC-KIT-DEMO/spec.md:1');
});
