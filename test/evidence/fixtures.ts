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
