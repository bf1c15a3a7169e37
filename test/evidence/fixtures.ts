import type { Check } from '../../schemas/guardrail.js';
import type { HalCapture, HalTelemetry } from '../../schemas/hal.js';
import type { Outcome, Stage, Verdict } from '../../schemas/ids.js';
import type { Bundle } from '../../src/evidence/bundle.js';
import { sha256Of } from '../../src/evidence/digest.js';
import { recordPath } from '../../src/evidence/layout.js';
import { publishBundle } from '../../src/evidence/publish.js';
import { newSessionId } from '../../src/evidence/session.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { consensusFiles } from '../support/consensus-files.js';
import type { Repository } from '../support/repository.js';
import { stageFiles } from '../support/telemetry.js';

export const ROOT = 'docs/evidence';
export const SPEC = 'SPEC-A-1';

/** A bundle as a caller's: `note.txt` becomes `note_<session>.txt`. */
export function bundleOf(
  workspace: Workspace,
  texts: Readonly<Record<string, string>>,
  sessionId = newSessionId(workspace),
): Bundle {
  return {
    specId: SPEC,
    sessionId,
    prefix: 'note',
    kind: 'caller',
    attestedBy: 'caller',
    stage: null,
    outcome: null,
    checks: [],
    content: 'note',
    waivers: [],
    source: { commit: null, tree: null, branch: null, dirty: null },
    configDigest: null,
    startedAt: '2026-11-22T10:00:00.000Z',
    endedAt: '2026-11-22T10:00:00.000Z',
    files: Object.entries(texts).map(([name, text]) => ({
      name: name.replace('.', `_${sessionId}.`),
      bytes: Buffer.from(text),
    })),
  };
}

/** A plan guardrail as the server would record it: telemetry and log; `over` replaces members of the telemetry. */
export function guardrailBundle(
  workspace: Workspace,
  outcome: Outcome = 'passed',
  status: Check['status'] = 'passed',
  over: Readonly<Record<string, unknown>> = {},
): Bundle {
  const bundle = bundleOf(workspace, {});
  const { sessionId } = bundle;
  const checks: Check[] = [
    { name: 'clean-tree', status, required: true, message: 'Nothing changed.', durationMs: 3 },
  ];
  const source = { commit: null, tree: null, branch: null, dirty: false };
  return {
    ...bundle,
    prefix: 'spec-plan',
    kind: 'guardrail',
    attestedBy: 'server',
    stage: 'plan',
    content: null,
    outcome,
    checks,
    source,
    files: stageFiles('plan', { root: ROOT, specId: SPEC, sessionId, checks, source }, { outcome, ...over }),
  };
}

/** A HAL run of one check that passed, with its capture. */
export function halBundle(workspace: Workspace): Bundle {
  const bundle = bundleOf(workspace, {});
  const { sessionId, endedAt: timestamp } = bundle;
  const message = 'GET /health answered 200 in 2 ms.';
  const capture: HalCapture = {
    schemaVersion: 1,
    check: 'health',
    specId: SPEC,
    sessionId,
    timestamp,
    request: { method: 'GET', url: 'http://127.0.0.1:7878/health', headers: {}, body: null },
    address: '127.0.0.1',
    response: {
      status: 200,
      headers: { 'content-type': ['application/json'] },
      body: { text: '{"ok":true}', bytes: 11, bytesRead: 11, sha256: null, truncated: false, utf8: true },
    },
    error: null,
    attempts: 1,
    durationMs: 2,
    result: { status: 'passed', cause: null, message },
  };
  const name = `${sessionId}-hal-health.json`;
  const bytes = Buffer.from(`${JSON.stringify(capture, null, 2)}\n`);
  const checks: Check[] = [{ name: 'hal:health', status: 'passed', required: true, message, durationMs: 2 }];
  const telemetry: HalTelemetry = {
    schemaVersion: 1,
    command: 'hal-smoke',
    specId: SPEC,
    sessionId,
    timestamp,
    artifacts: [{ path: `${ROOT}/commands/${SPEC}/${name}`, digest: sha256Of(bytes) }],
    outcome: 'passed',
    checks,
    waivers: [],
    hal: { summary: { status: 'passed', failed_checks: [], artifacts: [] } },
    origin: 'http://127.0.0.1:7878',
    profile: { path: null, sha256: null },
    configDigest: null,
    durationMs: 2,
    tool: { name: 'spec-kit-mcp', version: '0.1.0' },
  };
  return {
    ...bundle,
    prefix: 'hal',
    kind: 'hal',
    attestedBy: 'server',
    content: null,
    outcome: 'passed',
    checks,
    files: [
      { name: `hal_${sessionId}.json`, bytes: Buffer.from(`${JSON.stringify(telemetry, null, 2)}\n`) },
      { name, bytes },
    ],
  };
}

/** A consensus of the plan stage; `said` is the status its synthesis has. */
export function consensusBundle(workspace: Workspace, verdict: Verdict, said: string = verdict): Bundle {
  const bundle = bundleOf(workspace, {});
  const { sessionId } = bundle;
  return {
    ...bundle,
    prefix: 'spec-plan',
    kind: 'consensus',
    attestedBy: 'server',
    stage: 'plan',
    content: null,
    verdict,
    files: consensusFiles(SPEC, sessionId, verdict, said),
  };
}

/** Progress nobody listens to. */
export const quiet = { signal: new AbortController().signal, progress: async () => {} };

/** The evidence root of a workspace without settings. */
export const DEFAULT_ROOT = 'docs/SPEC-OPS-004-integrated-coder-hooks/evidence';

/** Records 1 to `count`, well-formed but for what they point at: enough for reading an index. */
export function writeLedger(repo: Repository, count: number): void {
  for (let seq = 1; seq <= count; seq++) {
    const bundle = `20261122T100000Z-${String(seq).padStart(8, '0')}`;
    const path = `commands/${SPEC}/note_${bundle}_manifest.json`;
    const record = {
      v: 1,
      seq,
      prev: '0'.repeat(64),
      specId: SPEC,
      bundle,
      manifest: { path, sha256: '0'.repeat(64) },
      at: '2026-11-22T10:00:00.000Z',
    };
    repo.write(`${ROOT}/${recordPath(SPEC, seq)}`, JSON.stringify(record));
  }
}

/** Of a bundle that belongs to a commit. */
export const committed = { commit: 'c'.repeat(40), tree: null, branch: 'main', dirty: false };

/** A recorded guardrail of a stage, of one commit. */
export function recordStage(
  workspace: Workspace,
  stage: Stage,
  outcome: Outcome,
  status: Check['status'],
  over: Partial<typeof committed> = {},
) {
  const source = { ...committed, ...over };
  const { sessionId, checks, ...bundle } = guardrailBundle(workspace, outcome, status);
  const run = { root: ROOT, specId: SPEC, sessionId, checks, source };
  const files = stageFiles(stage, run, { outcome });
  return publishBundle(workspace, ROOT, {
    ...bundle,
    sessionId,
    checks,
    stage,
    prefix: `spec-${stage}`,
    source,
    files,
  });
}
