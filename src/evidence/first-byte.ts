import type { EvidenceFinding } from '../../schemas/evidence-tools.js';
import { SpecError } from '../errors.js';
import type { Workspace } from '../workspace/workspace.js';
import { sha256Of } from './digest.js';
import { headNow } from './head.js';
import { differsAt } from './strict-json.js';
import type { SpecVerdict } from './verify-spec.js';

/** Each costs two calls of git. */
const MOST = 20;
const MAX_BYTES = 16 * 1024 * 1024;
/** Findings about a file that is named by a digest of its bytes, which are those of HEAD if nothing else was committed. */
const AT_HEAD: ReadonlySet<string> = new Set(['manifest-changed', 'record-malformed', 'chain-broken']);

/** Where git still has the recorded bytes of a changed file, the finding names the first byte that differs, and its line. */
export async function withFirstBytes(
  workspace: Workspace,
  verdicts: readonly SpecVerdict[],
): Promise<readonly EvidenceFinding[]> {
  const findings: EvidenceFinding[] = [];
  let asked = 0;
  for (const { findings: found, changed } of verdicts)
    for (const one of found) {
      const gitBlob = changed.get(one);
      const wanted = gitBlob !== undefined || AT_HEAD.has(one.code);
      const exact = wanted && asked++ < MOST ? await firstByte(workspace, one, gitBlob) : undefined;
      findings.push(exact ?? one);
    }
  return findings;
}

async function firstByte(
  workspace: Workspace,
  found: EvidenceFinding,
  gitBlob: string | undefined,
): Promise<EvidenceFinding | undefined> {
  try {
    const recorded = await recordedBytes(workspace, found, gitBlob);
    const actual = workspace.files.read(found.file ?? '', MAX_BYTES)?.bytes;
    if (recorded === undefined || actual === undefined || recorded.equals(actual)) return undefined;
    const byte = differsAt(recorded, actual);
    return { ...found, byte, line: lineOf(actual, byte) };
  } catch (error) {
    if (error instanceof SpecError) return undefined;
    throw error;
  }
}

async function recordedBytes(
  workspace: Workspace,
  { file, expected }: EvidenceFinding,
  gitBlob: string | undefined,
): Promise<Buffer | undefined> {
  const name = gitBlob ?? `${(await headNow(workspace)).commit}:${file}`;
  const bytes = await workspace.git.blob(name, MAX_BYTES);
  // A manifest may name any blob.
  const isRecorded = expected === undefined || (bytes !== undefined && sha256Of(bytes) === expected);
  return isRecorded ? bytes : undefined;
}

/** From 1. */
export function lineOf(bytes: Buffer, byte: number): number {
  let line = 1;
  for (let at = bytes.indexOf(10); at !== -1 && at < byte; at = bytes.indexOf(10, at + 1)) line++;
  return line;
}
