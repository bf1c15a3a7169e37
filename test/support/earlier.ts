import type { Check, Waiver } from '../../schemas/guardrail.js';
import type { Stage, Verdict } from '../../schemas/ids.js';
import { sha256Of } from '../../src/evidence/digest.js';
import { publishBundle } from '../../src/evidence/publish.js';
import { newSessionId } from '../../src/evidence/session.js';
import { decideOutcome } from '../../src/guardrail/outcome.js';
import { RUN_ID } from '../consensus/answers.js';
import { SPEC_ID } from './packet.js';
import { openTest, type Repository } from './repository.js';
import { stageFiles } from './telemetry.js';

export const ROOT = 'docs/SPEC-OPS-004-integrated-coder-hooks/evidence';

interface Over {
  readonly status?: Check['status'];
  readonly waivers?: Waiver[];
  readonly dirty?: boolean;
  readonly commit?: string;
  readonly configDigest?: string | null;
  readonly hal?: unknown;
}

/** Records a stage as its guardrail would have at this commit, passed unless said otherwise. Returns its session. */
export function recordStage(repo: Repository, stage: Stage, over: Over = {}): string {
  const workspace = openTest(repo.root);
  const sessionId = newSessionId(workspace);
  const checks = [
    { name: 'something', status: over.status ?? 'passed', required: true, message: 'Seen.', durationMs: 1 },
  ];
  const bundle = common(repo, sessionId, over);
  const told = { ...bundle, root: ROOT, checks };
  const skipped = { status: 'skipped', failed_checks: [], artifacts: [] };
  const hal = over.hal === undefined ? {} : { hal: { summary: skipped, ...Object(over.hal) } };
  publishBundle(workspace, ROOT, {
    ...bundle,
    prefix: `spec-${stage}`,
    kind: 'guardrail',
    stage,
    outcome: decideOutcome(checks),
    checks,
    files: stageFiles(stage, told, hal),
  });
  return sessionId;
}

/** Records what the agents of the plan stage came to: the files of a run of consensus, with the verdict they claim. */
export function recordVerdict(repo: Repository, files: ReadonlyMap<string, Buffer>, verdict: Verdict): void {
  publishBundle(openTest(repo.root), ROOT, {
    ...common(repo, RUN_ID, {}),
    prefix: 'spec-plan',
    kind: 'consensus',
    stage: 'plan',
    outcome: null,
    verdict,
    checks: [],
    files: [...files].map(([name, bytes]) => ({ name, bytes })),
  });
}

function common(repo: Repository, sessionId: string, { waivers, dirty, commit, configDigest }: Over) {
  const at = '2026-11-22T10:00:00.000Z';
  return {
    specId: SPEC_ID,
    sessionId,
    attestedBy: 'server',
    content: null,
    waivers: waivers ?? [],
    source: {
      commit: commit ?? repo.git('rev-parse', 'HEAD').trim(),
      tree: repo.git('rev-parse', 'HEAD^{tree}').trim(),
      branch: 'main',
      dirty: dirty ?? false,
    },
    configDigest: configDigest === undefined ? settingsDigest(repo) : configDigest,
    startedAt: at,
    endedAt: at,
  } as const;
}

function settingsDigest(repo: Repository): string | null {
  const found = openTest(repo.root).files.read('spec-kit.toml', 1024 * 1024);
  return found === undefined ? null : sha256Of(found.bytes);
}

/** All stages before the audit, as they should be. */
export function recordEarlier(repo: Repository, over: Partial<Record<Stage, Over>> = {}): void {
  for (const stage of ['plan', 'tasks', 'implement', 'validate'] as const)
    recordStage(repo, stage, over[stage]);
}
