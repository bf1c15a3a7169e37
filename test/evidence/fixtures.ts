import type { Check } from '../../schemas/guardrail.js';
import type { Outcome } from '../../schemas/ids.js';
import type { Bundle } from '../../src/evidence/bundle.js';
import { newSessionId } from '../../src/evidence/session.js';
import type { Workspace } from '../../src/workspace.js';

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

/** A plan guardrail as the server would record it: telemetry and log. */
export function guardrailBundle(
  workspace: Workspace,
  outcome: Outcome = 'passed',
  status: Check['status'] = 'passed',
): Bundle {
  const bundle = bundleOf(workspace, {});
  const { sessionId } = bundle;
  const checks: Check[] = [
    { name: 'clean-tree', status, required: true, message: 'Nothing changed.', durationMs: 3 },
  ];
  const telemetry = { schemaVersion: 1, command: 'spec-ops-plan', specId: SPEC, sessionId, outcome, checks };
  return {
    ...bundle,
    prefix: 'spec-plan',
    kind: 'guardrail',
    attestedBy: 'server',
    stage: 'plan',
    content: null,
    outcome,
    checks,
    files: [
      { name: `spec-plan_${sessionId}.json`, bytes: Buffer.from(`${JSON.stringify(telemetry, null, 2)}\n`) },
      { name: `spec-plan_${sessionId}_log.txt`, bytes: Buffer.from('passed clean-tree\n') },
    ],
  };
}

/** Progress nobody listens to. */
export const quiet = { signal: new AbortController().signal, progress: async () => {} };
