import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test as plain } from 'vitest';
import { writePage } from '../../src/bin/page.js';
import { publishBundle } from '../../src/evidence/publish.js';
import { verifyWhole } from '../../src/evidence/verify.js';
import { decideOutcome } from '../../src/guardrail/outcome.js';
import { tellStory } from '../../src/report/gather.js';
import { escaped, REPORT_MARK, storyHtml } from '../../src/report/html.js';
import { headline, stageWords, storyLines } from '../../src/report/words.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import {
  bundleOf,
  consensusBundle,
  DEFAULT_ROOT,
  guardrailBundle,
  quiet,
  ROOT,
  SPEC,
} from '../evidence/fixtures.js';
import { runCli } from '../support/cli.js';
import { recordStage } from '../support/earlier.js';
import { forge } from '../support/forge.js';
import { SPEC_ID, writePacket } from '../support/packet.js';
import { test } from '../support/workspace.js';

async function told(workspace: Workspace, specId = SPEC, root = ROOT) {
  const verified = await verifyWhole(workspace, root, { specId }, quiet);
  return await tellStory(workspace, { docs_root: 'docs', evidence_root: root }, specId, verified);
}

test('what passed and verifies is proven, the rest is not, and the first sentence says so', async ({
  workspace,
}) => {
  expect(headline(await told(workspace))).toMatch(/^SPEC-A-1: no stage is proven; plan, .* are not\. /);
  publishBundle(workspace, ROOT, guardrailBundle(workspace));
  publishBundle(workspace, ROOT, consensusBundle(workspace, 'conflict'));
  const story = await told(workspace);
  expect(headline(story)).toBe(
    'SPEC-A-1: plan is proven; tasks, implement, validate, audit, unlock are not.',
  );
  const lines = storyLines(story).join('\n');
  expect(lines).toMatch(
    /^\[x\] plan: Proven: 1 of 1 checks ran and passed .* The agents' verdict is conflict\./m,
  );
  expect(lines).toContain('[ ] tasks: Nothing was checked yet.');
  expect(lines).toContain('No anchor was used');
});

test('what was proven of an earlier commit is not said of what is here now', async ({ repo, workspace }) => {
  writePacket(repo);
  recordStage(repo, 'plan');
  recordStage(repo, 'validate');
  repo.commit('evidence');
  const story = () => told(workspace, SPEC_ID, DEFAULT_ROOT);
  expect(headline(await story())).toMatch(/: plan, validate are proven; [^.]*\.$/);
  repo.write('code.ts', '2');
  repo.commit();
  recordStage(repo, 'validate');
  const now = await story();
  expect(headline(now)).toContain(' Not of the work tree of today: plan.');
  const lines = storyLines(now).join('\n');
  expect(lines).toMatch(/plan: Proven: .* does not fit the work tree of today: .*code\.ts/);
  expect(lines).not.toMatch(/validate: Proven: .* does not fit/);
});

test('a pass whose evidence was changed is not proven', async ({ repo, workspace }) => {
  const { files } = publishBundle(workspace, ROOT, guardrailBundle(workspace));
  repo.write(files[1]?.path ?? '', 'something else');
  const story = await told(workspace);
  expect(headline(story)).toMatch(/^SPEC-A-1: no stage is proven.* not as it was recorded\.$/);
  expect(storyLines(story).join('\n')).toContain(
    '[ ] plan: Not proven: the evidence of its newest run does not hold.',
  );
});

test('where the ledger does not hold, nothing in it is proven', async ({ repo, workspace }) => {
  publishBundle(workspace, ROOT, guardrailBundle(workspace, 'failed', 'failed'));
  publishBundle(workspace, ROOT, consensusBundle(workspace, 'ok'));
  forge(repo, { root: ROOT, specId: SPEC, seq: 1 }, text => text.replaceAll('"failed"', '"passed"'), true);
  const lines = storyLines(await told(workspace)).join('\n');
  expect(lines).toMatch(/^SPEC-A-1: no stage is proven/);
  expect(lines).toContain('The ledger does not verify: Record');
  expect(lines).toContain("The agents' verdict does not hold");
});

test('a failure names its first check, a waiver is shown as one', async ({ workspace }) => {
  publishBundle(workspace, ROOT, guardrailBundle(workspace, 'failed', 'failed'));
  expect(storyLines(await told(workspace)).join('\n')).toMatch(
    /plan: Not proven: its newest run failed .* First: clean-tree failed: Nothing changed\./,
  );
  const waivers = [{ check: 'clean-tree', by: 'SPEC_OPS_ALLOW_DIRTY', reason: 'known' }];
  publishBundle(workspace, ROOT, {
    ...guardrailBundle(workspace, 'incomplete', 'waived', { waivers }),
    waivers,
  });
  expect(storyLines(await told(workspace)).join('\n')).toContain(
    'excused: clean-tree, by SPEC_OPS_ALLOW_DIRTY: known',
  );
});

test.for([
  [['optional', 'idle', 'broken'], 'First: broken failed: because'],
  [['optional', 'idle'], 'First: idle did not run: because'],
  [['optional'], 'First: optional did not run: because'],
] as const)('the reason is what decided the outcome, not what stands first: %s', ([names, said]) => {
  const kinds = {
    optional: { status: 'not_run', required: false },
    idle: { status: 'not_run', required: true },
    broken: { status: 'failed', required: true },
  } as const;
  const checks = names.map(name => ({ name, message: 'because', ...kinds[name] }));
  const words = stageWords({
    stage: 'validate',
    outcome: decideOutcome(checks),
    checks,
    bundle: 'b',
    at: '2026-11-22T10:00:00.000Z',
    commit: null,
    waivers: [],
    agents: undefined,
    doubt: undefined,
    outdated: undefined,
  });
  expect(words).toMatch(/^Not proven: /);
  expect(words).toContain(said);
});

test('the page is whole in itself, has every stage, and shows what others wrote as text', async ({
  workspace,
}) => {
  const evil = '"><img src=x onerror=alert(1)><script>alert(2)</script>';
  const bundle = guardrailBundle(workspace);
  const checks = bundle.checks.map(check => ({ ...check, message: evil }));
  publishBundle(workspace, ROOT, { ...bundle, checks });
  publishBundle(workspace, ROOT, { ...bundleOf(workspace, { 'note.txt': 'x' }), content: evil });
  const html = storyHtml(await told(workspace));
  expect(html.startsWith(REPORT_MARK)).toBe(true);
  expect(html).toContain(escaped(evil));
  expect(html).not.toMatch(/<script|<img|<[^>]*\son\w+=|https?:|url\(|<link|@import/);
  expect(html).toMatch(/<html lang="en">.*<title>.*<main>.*<h1>/s);
  for (const stage of ['plan', 'tasks', 'implement', 'validate', 'audit', 'unlock'])
    expect(html).toMatch(new RegExp(`<section class="stage \\w+" aria-label="${stage}">`));
  expect(html.match(/<li class="(?:good|bad|open)"><strong>/g)).toHaveLength(6);
});

test('the page goes where the person says, over an older report and over nothing else', async ({ repo }) => {
  writePacket(repo);
  await runCli(repo.root, ['guardrail', 'plan', SPEC_ID]);
  const first = await runCli(repo.root, ['report', SPEC_ID, '--html', 'out.html']);
  expect(first.stdout).toContain('The page is in out.html.');
  expect(first.exitCode).toBe(0);
  const again = await runCli(repo.root, ['report', SPEC_ID, '--html', 'out.html']);
  expect(again.exitCode).toBe(0);
  writeFileSync(path.join(repo.root, 'mine.html'), '<p>mine</p>');
  const refused = await runCli(repo.root, ['report', SPEC_ID, '--html', 'mine.html']);
  expect([refused.exitCode, refused.stderr]).toEqual([4, expect.stringContaining('no report of ours')]);
  expect(readFileSync(path.join(repo.root, 'mine.html'), 'utf8')).toBe('<p>mine</p>');
});

plain('a page that cannot be written is an error and leaves nothing', () => {
  expect(() => writePage('/nonexistent-folder/x.html', 'x', 'm')).toThrowError(/could not be written/);
  expect(existsSync('/nonexistent-folder')).toBe(false);
});

test('a spec that has neither a packet nor evidence is not found; one of the two is enough', async ({
  repo,
}) => {
  writePacket(repo);
  const unknown = await runCli(repo.root, ['report', 'SPEC-KIT-NONE']);
  expect([unknown.exitCode, unknown.stdout]).toEqual([4, '']);
  expect(unknown.stderr).toMatch(/There is no packet for SPEC-KIT-NONE .*SPEC-KIT-DEMO.*\(NOT_FOUND\)/);
  expect((await runCli(repo.root, ['report', SPEC_ID])).exitCode).toBe(2);
  repo.write('note.md', 'x');
  await runCli(repo.root, ['evidence', 'write', SPEC_ID, 'note.md', '--from', 'note.md']);
  rmSync(path.join(repo.root, 'docs/SPEC-KIT-DEMO'), { recursive: true });
  expect((await runCli(repo.root, ['report', SPEC_ID])).exitCode).toBe(0);
});
