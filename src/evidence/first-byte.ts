import type { EvidenceFinding } from '../../schemas/evidence-tools.js';
import { SpecError } from '../errors.js';
import type { Workspace } from '../workspace.js';
import { differsAt } from './strict-json.js';
import type { SpecVerdict } from './verify-spec.js';

/** Each costs two calls of git. */
const MOST = 20;
const MAX_BYTES = 16 * 1024 * 1024;

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
      const exact =
        gitBlob === undefined || asked++ >= MOST ? undefined : await firstByte(workspace, one, gitBlob);
      findings.push(exact ?? one);
    }
  return findings;
}

async function firstByte(
  { git, files }: Workspace,
  found: EvidenceFinding,
  gitBlob: string,
): Promise<EvidenceFinding | undefined> {
  try {
    const recorded = await git.blob(gitBlob, MAX_BYTES);
    const actual = recorded === undefined ? undefined : files.read(found.file ?? '', MAX_BYTES)?.bytes;
    if (recorded === undefined || actual === undefined) return undefined;
    const byte = differsAt(recorded, actual);
    return { ...found, byte, line: lineOf(actual, byte) };
  } catch (error) {
    if (error instanceof SpecError) return undefined;
    throw error;
  }
}

/** From 1. */
export function lineOf(bytes: Buffer, byte: number): number {
  let line = 1;
  for (let at = bytes.indexOf(10); at !== -1 && at < byte; at = bytes.indexOf(10, at + 1)) line++;
  return line;
}
