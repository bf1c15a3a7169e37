import { expect } from 'vitest';
import { lintTracker } from '../../src/tracker/lint.js';
import { test } from '../support/workspace.js';
import { BACKLOG, DASHES, faulty, GOOD, HEADER, originCases, prepare, table } from './cases.js';

test('a sound tracker has no findings in either profile', async ({ repo, workspace }) => {
  prepare(repo, table(GOOD, BACKLOG));
  expect((await lintTracker(workspace, { path: 'SPEC.md', profile: 'strict' })).findings).toEqual([]);
  const origin = await lintTracker(workspace, { path: 'SPEC.md', profile: 'origin' });
  expect([origin.findings, origin.summary]).toEqual([[], 'Tasks table lint passed (2 rows)']);
});

test.for(faulty)('%s is found at its line', async ([code, tracker, line], { repo, workspace }) => {
  prepare(repo, tracker);
  const { findings } = await lintTracker(workspace, { path: 'SPEC.md', profile: 'strict' });
  expect(findings.map(finding => `${finding.code} ${finding.line}`)).toContain(`${code} ${line}`);
});

test('evidence that git does not track is a warning', async ({ repo, workspace }) => {
  prepare(repo, table(GOOD.replace('docs/proof.md', 'docs/new.md')));
  repo.write('docs/new.md', 'x');
  const { findings } = await lintTracker(workspace, { path: 'SPEC.md', profile: 'strict' });
  expect(findings.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
    'warning tracker/evidence-untracked',
  ]);
});

test.for([
  ['a fence', `\`\`\`\n${HEADER}\n${DASHES}\n| 9 | X | X | Nonsense |  |  |  |  |  |  |  |\n\`\`\`\n`],
  ['a comment', `<!--\n${HEADER}\n${DASHES}\n| 9 | X | X | Nonsense |  |  |  |  |  |  |  |\n-->\n`],
  ['a quote', `> ${HEADER}\n> ${DASHES}\n> | 9 | X | X | Nonsense |  |  |  |  |  |  |  |\n`],
])('a table in %s is an example', async ([, text], { repo, workspace }) => {
  prepare(repo, `${text}\n${table(GOOD)}`);
  const { findings, rows } = await lintTracker(workspace, { path: 'SPEC.md', profile: 'strict' });
  expect([findings, rows]).toEqual([[], 1]);
});

test('CRLF, a byte order mark, escaped pipes and missing outer pipes change nothing', async ({
  repo,
  workspace,
}) => {
  const bare = GOOD.slice(2, -2).replace('fine', 'a \\| b');
  prepare(repo, `\uFEFF${table(bare, BACKLOG)}`.replaceAll('\n', '\r\n'));
  const { findings, rows } = await lintTracker(workspace, { path: 'SPEC.md', profile: 'strict' });
  expect([findings, rows]).toEqual([[], 2]);
});

test.for(originCases)('profile origin, %s', async ([, tracker, says], { repo, workspace }) => {
  prepare(repo, tracker);
  const { findings, summary } = await lintTracker(workspace, { path: 'SPEC.md', profile: 'origin' });
  if (says === undefined) expect([findings, summary]).toEqual([[], expect.stringContaining('passed')]);
  else expect(findings.map(({ message }) => message).join('\n')).toMatch(says);
});
