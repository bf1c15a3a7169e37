import nodePath from 'node:path';
import type { WriteEvidenceResult } from '../../schemas/evidence-tools.js';
import { MAX_CONTENT_BYTES, type WriteEvidenceInput } from '../../schemas/inputs/evidence.js';
import { SpecError } from '../errors.js';
import { findPacket } from '../packet/find.js';
import type { LoadedSettings } from '../settings/load.js';
import type { Workspace } from '../workspace/workspace.js';
import { canonicalJson } from './canonical.js';
import { headNow } from './head.js';
import { publishBundle } from './publish.js';
import { redactorOf } from './redaction.js';
import { newSessionId } from './session.js';

/**
 * Records a file the caller made as a bundle of its own: `<stem>_<session>.<ending>`, attested by the caller, without an
 * outcome, so that it satisfies no gate. Throws NOT_FOUND and AMBIGUOUS (the spec), INVALID_ARGUMENT, LIMIT_EXCEEDED,
 * NOT_TEXT, and what publishing throws.
 */
export async function writeEvidence(
  workspace: Workspace,
  { settings, digest }: LoadedSettings,
  input: Omit<WriteEvidenceInput, 'workspace'>,
): Promise<WriteEvidenceResult> {
  const { docs_root, evidence_root } = settings.workspace;
  const { specId } = findPacket(workspace, docs_root, input.specId);
  const bytes = contentBytes(workspace, input);
  const at = workspace.now().toISOString();
  const sessionId = newSessionId(workspace);
  const { name: stem } = nodePath.parse(input.name);
  const published = publishBundle(workspace, evidence_root, {
    specId,
    sessionId,
    prefix: stem,
    kind: 'caller',
    attestedBy: 'caller',
    stage: null,
    outcome: null,
    checks: [],
    content: input.kind,
    waivers: [],
    source: { ...(await headNow(workspace)), dirty: null },
    configDigest: digest,
    startedAt: at,
    endedAt: at,
    files: [{ name: storedName(input.name, sessionId), bytes }],
  });
  return {
    workspace: workspace.label,
    specId,
    attestedBy: 'caller',
    ...published,
    files: [...published.files],
    next: { tool: 'verify_evidence', arguments: { specId } },
  };
}

function storedName(name: string, sessionId: string): string {
  const { name: stem, ext } = nodePath.parse(name);
  return ext === '.log' ? `${stem}_${sessionId}_log.txt` : `${stem}_${sessionId}${ext}`;
}

function contentBytes(
  workspace: Workspace,
  { name, content, json }: Omit<WriteEvidenceInput, 'workspace'>,
): Buffer {
  const bytes = Buffer.from(json === undefined ? plainText(content ?? '') : jsonText(workspace, name, json));
  if (bytes.length <= MAX_CONTENT_BYTES) return bytes;
  throw new SpecError(
    'LIMIT_EXCEEDED',
    `The content has ${bytes.length} bytes; evidence of a caller may have ${MAX_CONTENT_BYTES}. Write an extract and name the whole in it.`,
  );
}

function plainText(content: string): string {
  if (!content.includes('\0') && !/[\uD800-\uDFFF]/u.test(content)) return content;
  throw new SpecError(
    'NOT_TEXT',
    'The content is binary (it holds a NUL or half a character), and evidence of a caller is text. Write its digest and where it lies instead.',
  );
}

function jsonText(workspace: Workspace, name: string, json: Readonly<Record<string, unknown>>): string {
  if (!name.endsWith('.json'))
    throw new SpecError(
      'INVALID_ARGUMENT',
      `${name} must end in .json when json is given. Rename it or give content.`,
    );
  try {
    return `${canonicalJson(redactorOf(workspace).json(json))}\n`;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new SpecError(
      'INVALID_ARGUMENT',
      `The json cannot be written: ${error.message} Change it and call again.`,
    );
  }
}
