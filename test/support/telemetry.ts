import type { Check, Waiver } from '../../schemas/guardrail.js';
import type { Stage } from '../../schemas/ids.js';
import type { BundleFile } from '../../src/evidence/bundle.js';
import { sha256Of } from '../../src/evidence/digest.js';
import { decideOutcome } from '../../src/guardrail/outcome.js';

interface Told {
  readonly root: string;
  readonly specId: string;
  readonly sessionId: string;
  readonly checks: readonly Check[];
  readonly waivers?: readonly Waiver[];
  readonly source?: {
    readonly commit: string | null;
    readonly tree: string | null;
    readonly branch: string | null;
    readonly dirty: boolean;
  };
  readonly configDigest?: string | null;
}

/** What checks of other names leave of a stage's own fields. */
const FIELDS: Readonly<Record<Stage, object>> = {
  plan: {
    baseline: { mode: 'no-run', artifact: 'log', status: 'skipped' },
    hooks: { 'session.start': 'skipped' },
  },
  tasks: { tool: { status: 'skipped' } },
  implement: { lock_status: 'failed', hook_status: 'failed' },
  validate: { scenarios: [{ name: 'none', status: 'skipped' }] },
  audit: { scenarios: [{ name: 'none', status: 'skipped' }] },
  unlock: { unlock_status: 'failed' },
};

/** Telemetry and log of a stage as its guardrail would have written them; `over` replaces members. */
export function stageFiles(stage: Stage, told: Told, over: object = {}): BundleFile[] {
  const { root, specId, sessionId, checks } = told;
  const log = {
    name: `spec-${stage}_${sessionId}_log.txt`,
    bytes: Buffer.from('passed clean-tree, and what else there was\n'),
  };
  const telemetry = {
    schemaVersion: 1,
    command: `spec-ops-${stage}`,
    specId,
    sessionId,
    timestamp: '2026-11-22T10:00:00.000Z',
    artifacts: [{ path: `${root}/commands/${specId}/${log.name}`, digest: sha256Of(log.bytes) }],
    outcome: decideOutcome(checks),
    checks,
    waivers: told.waivers ?? [],
    git: told.source ?? { commit: null, tree: null, branch: null, dirty: false },
    configDigest: told.configDigest ?? null,
    durationMs: 3,
    tool: { name: 'spec-kit-mcp', version: '0.1.0' },
    ...FIELDS[stage],
    ...over,
  };
  const bytes = Buffer.from(`${JSON.stringify(telemetry, null, 2)}\n`);
  return [{ name: `spec-${stage}_${sessionId}.json`, bytes }, log];
}
