import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { Check } from '../../schemas/guardrail.js';
import type { Stage } from '../../schemas/ids.js';
import type { Bundle } from '../../src/evidence/bundle.js';
import { publishBundle } from '../../src/evidence/publish.js';
import { newSessionId } from '../../src/evidence/session.js';
import { verifyRecorded } from '../../src/evidence/verify-one.js';
import { decideOutcome } from '../../src/guardrail/outcome.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { makeRepository, openTest } from '../support/repository.js';
import { stageFiles } from '../support/telemetry.js';
import { bundleOf, ROOT, SPEC } from './fixtures.js';

const check = (name: string, status: Check['status'] = 'passed', required = true): Check => ({
  name,
  status,
  required,
  message: 'Seen.',
  durationMs: 1,
});

const repo = makeRepository();
afterAll(() => rmSync(repo.root, { recursive: true, force: true }));

/** Records one more bundle; what verification says about its claims. */
async function judged(make: (workspace: Workspace) => Bundle): Promise<string[]> {
  const workspace = openTest(repo.root);
  const { record } = publishBundle(workspace, ROOT, make(workspace));
  const findings = verifyRecorded(workspace, ROOT, SPEC, record.seq);
  return findings.map(({ code, message }) => `${code}: ${message}`);
}

/** A guardrail whose digests are right; `over` is what its telemetry says, `claims` what its manifest says. */
function guardrail(
  workspace: Workspace,
  stage: Stage,
  checks: Check[],
  over: object,
  claims: Partial<Bundle> = {},
): Bundle {
  const sessionId = newSessionId(workspace);
  const source = { commit: null, tree: null, branch: null, dirty: false };
  return {
    ...bundleOf(workspace, {}, sessionId),
    prefix: `spec-${stage}`,
    kind: 'guardrail',
    attestedBy: 'server',
    stage,
    content: null,
    outcome: decideOutcome(checks),
    checks,
    source,
    files: stageFiles(stage, { root: ROOT, specId: SPEC, sessionId, checks, source }, over),
    ...claims,
  };
}

const seen = check('tracker-row');
const honest: readonly [string, Stage, Check[], object][] = [
  [
    'a plan',
    'plan',
    [check('baseline:build'), check('session-hook')],
    { baseline: { mode: 'full', artifact: 'x', status: 'passed' }, hooks: { 'session.start': 'ok' } },
  ],
  [
    'a plan whose command failed',
    'plan',
    [check('baseline:build', 'failed')],
    { baseline: { mode: 'full', artifact: 'x', status: 'failed' } },
  ],
  ['tasks', 'tasks', [check('programs:node')], { tool: { status: 'ok' } }],
  [
    'an implement',
    'implement',
    [check('lock-kept'), check('file-hook', 'not_run', false)],
    { lock_status: 'locked', hook_status: 'ok' },
  ],
  [
    'a validate',
    'validate',
    [check('scenario:e2e'), check('scenario:load', 'not_run', false)],
    {
      scenarios: [
        { name: 'scenario:e2e', status: 'passed' },
        { name: 'scenario:load', status: 'skipped' },
      ],
    },
  ],
  [
    'an audit',
    'audit',
    [check('evidence:plan')],
    { scenarios: [{ name: 'evidence:plan', status: 'passed' }] },
  ],
  ['an unlock', 'unlock', [check('lock-released')], { unlock_status: 'unlocked' }],
];

const plan = { baseline: { mode: 'full', artifact: 'x', status: 'passed' } };
const false_: readonly [what: string, stage: Stage, checks: Check[], over: object, says: RegExp][] = [
  [
    'a baseline that passed without a command',
    'plan',
    [seen],
    plan,
    /^false-claim: Its baseline.status is passed; its own checks make it skipped/,
  ],
  [
    'a baseline that passed over a failure',
    'plan',
    [check('baseline:x', 'failed')],
    plan,
    /baseline.status is passed; its own checks make it failed/,
  ],
  [
    'a hook that is ok without a run',
    'plan',
    [seen],
    { hooks: { 'session.start': 'ok' } },
    /hooks."session.start" is ok; its own checks make it skipped/,
  ],
  [
    'tools that are ready',
    'tasks',
    [seen],
    { tool: { status: 'ready' } },
    /tool.status is ready; its own checks make it skipped/,
  ],
  [
    'a lock that nobody took',
    'implement',
    [seen],
    { lock_status: 'locked' },
    /lock_status is locked; its own checks make it failed/,
  ],
  [
    'an unlock that released nothing',
    'unlock',
    [seen],
    { unlock_status: 'unlocked' },
    /unlock_status is unlocked; its own checks make it failed/,
  ],
  [
    'a scenario that no check ran',
    'validate',
    [seen],
    { scenarios: [{ name: 'scenario:e2e', status: 'passed' }] },
    /scenarios is scenario:e2e passed; its own checks make it none skipped/,
  ],
  [
    'a HAL summary without checks',
    'audit',
    [seen],
    { hal: { summary: { status: 'passed', failed_checks: [], artifacts: [] } } },
    /hal.summary.status is passed; its own checks make it skipped/,
  ],
  [
    'an outcome that its checks deny',
    'tasks',
    [check('programs:node', 'failed')],
    { tool: { status: 'failed' }, outcome: 'passed' },
    /claims the outcome passed; its own checks make it failed/,
  ],
  [
    'a waived check without a waiver',
    'tasks',
    [seen, check('clean-tree', 'waived')],
    {},
    /clean-tree is waived, and no waiver says/,
  ],
  [
    'a waiver of nobody',
    'tasks',
    [seen, check('clean-tree', 'waived')],
    { waivers: [{ check: 'clean-tree', by: ' ', reason: 'x' }] },
    /waiver of clean-tree names nobody/,
  ],
  [
    'an artifact that is not in the bundle',
    'tasks',
    [seen],
    { artifacts: [{ path: 'a/other.txt', digest: '0'.repeat(64) }] },
    /lists the artifact other.txt, which its bundle does not have/,
  ],
  ['telemetry of another shape', 'tasks', [seen], { tool: undefined }, /The telemetry is malformed at tool/],
  [
    'another commit',
    'tasks',
    [seen],
    { git: { commit: 'a'.repeat(40), tree: null, branch: null, dirty: false } },
    /^claim-mismatch: Its git.commit/,
  ],
  ['other settings', 'tasks', [seen], { configDigest: '1'.repeat(64) }, /^claim-mismatch: Its configDigest/],
  ['other checks', 'tasks', [seen], { checks: [check('another')] }, /^claim-mismatch: Its checks/],
  [
    'another stage',
    'tasks',
    [seen],
    { command: 'spec-ops-unlock', unlock_status: 'failed', tool: { name: 'x', version: '1' } },
    /^claim-mismatch: Its command/,
  ],
];

describe('what a guardrail claims is recomputed from its payload', () => {
  it.for(honest)('%s that says what its checks say is believed', async ([, stage, checks, over]) => {
    expect(await judged(workspace => guardrail(workspace, stage, checks, over))).toEqual([]);
  });

  it.for(false_)('%s is denied, though every digest is right', async ([, stage, checks, over, says]) => {
    const findings = await judged(workspace => guardrail(workspace, stage, checks, over));
    expect(findings.join('\n')).toMatch(new RegExp(says.source, 'm'));
  });

  it('a waived check with its waiver is believed', async () => {
    const waivers = [{ check: 'clean-tree', by: 'SPEC_OPS_ALLOW_DIRTY', reason: 'known' }];
    const checks = [seen, check('clean-tree', 'waived')];
    expect(
      await judged(workspace => guardrail(workspace, 'tasks', checks, { waivers }, { waivers })),
    ).toEqual([]);
  });

  it('a caller cannot attest checks of the server', async () => {
    const findings = await judged(workspace => ({
      ...bundleOf(workspace, { 'note.txt': 'x' }),
      checks: [seen],
    }));
    expect(findings).toEqual([expect.stringMatching(/^false-claim: What a caller attests has no checks/)]);
  });
});
