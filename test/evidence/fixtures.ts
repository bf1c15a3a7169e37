import type { Check } from '../../schemas/guardrail.js';
import type { Outcome, Verdict } from '../../schemas/ids.js';
import type { Bundle } from '../../src/evidence/bundle.js';
import { recordPath } from '../../src/evidence/layout.js';
import { newSessionId } from '../../src/evidence/session.js';
import type { Workspace } from '../../src/workspace.js';
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

/** A consensus of the plan stage; `said` is the status its synthesis has. */
export function consensusBundle(workspace: Workspace, verdict: Verdict, said: string = verdict): Bundle {
  const bundle = bundleOf(workspace, {});
  const { sessionId } = bundle;
  const synthesis = { stage: 'spec-plan', specId: SPEC, status: said };
  return {
    ...bundle,
    prefix: 'spec-plan',
    kind: 'consensus',
    attestedBy: 'server',
    stage: 'plan',
    content: null,
    verdict,
    files: [
      {
        name: `spec-plan_${sessionId}_synthesis.json`,
        bytes: Buffer.from(`${JSON.stringify(synthesis, null, 2)}\n`),
      },
    ],
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
