import type { EvidenceFinding, VerifyEvidenceInput, VerifyReport } from '../../schemas/evidence-tools.js';
import { SPEC_ID } from '../../schemas/ids.js';
import { SpecError } from '../errors.js';
import type { Call } from '../tool.js';
import type { Workspace } from '../workspace.js';
import { type Anchor, verifyAnchor } from './anchor.js';
import { finding } from './findings.js';
import { ATTRIBUTES } from './staging.js';
import { reportOf } from './verify-report.js';
import { type SpecVerdict, verifySpec } from './verify-spec.js';

const MAX_ATTRIBUTES_BYTES = 64 * 1024;

/**
 * Recomputes what the evidence of a spec, or of all, claims: ledger chain, manifests, digests, outcomes, and whether
 * anything is missing, extra or unfinished. Offline and read-only. What is wrong is a result, not an error.
 */
export async function verifyEvidence(
  workspace: Workspace,
  evidenceRoot: string,
  input: Omit<VerifyEvidenceInput, 'workspace'>,
  { signal, progress }: Pick<Call, 'signal' | 'progress'>,
): Promise<VerifyReport> {
  if (workspace.files.info(evidenceRoot).kind === 'outside')
    throw new SpecError(
      'OUTSIDE_WORKSPACE',
      `The evidence root ${evidenceRoot} leads outside the workspace. Make it a real folder.`,
    );
  const specIds = input.specId === undefined ? specsIn(workspace, evidenceRoot) : [input.specId];
  const verdicts: SpecVerdict[] = [];
  for (const specId of specIds) {
    verdicts.push(
      await verifySpec(workspace, evidenceRoot, specId, async (done, total) => {
        if (signal.aborted)
          throw new SpecError('CANCELLED', 'The verification was cancelled; it changes nothing.');
        await progress(done, total, `verifying ${specId}`);
      }),
    );
  }
  const anchor: Anchor = verifyAnchor(input.expectHead, verdicts);
  const findings = [
    ...verdicts.flatMap(verdict => verdict.findings),
    ...anchor.findings,
    ...emptiness(input.specId, verdicts),
    ...(await surroundings(workspace, evidenceRoot, verdicts)),
    ...unverifiable(verdicts),
  ];
  return reportOf(workspace, verdicts, findings, anchor.sentence);
}

/** Every spec with a ledger or with files. */
function specsIn({ files }: Workspace, root: string): readonly string[] {
  const folders = [...files.list(`${root}/ledger`), ...files.list(`${root}/commands`)];
  return [...new Set(folders.filter(({ name }) => SPEC_ID.test(name)).map(({ name }) => name))].sort();
}

/** Whoever asks for one spec expects evidence; nothing at all is not a success. */
function emptiness(asked: string | undefined, verdicts: readonly SpecVerdict[]): readonly EvidenceFinding[] {
  if (asked === undefined || verdicts.some(({ records }) => records.length > 0)) return [];
  return [
    finding(
      'no-evidence',
      { specId: asked },
      'No evidence is recorded for this spec, so there is nothing to verify.',
    ),
  ];
}

/** What would break the evidence in a clone: converted line ends, and files that git never sees. */
async function surroundings(
  { files, git }: Workspace,
  root: string,
  verdicts: readonly SpecVerdict[],
): Promise<readonly EvidenceFinding[]> {
  const [first] = verdicts.filter(({ records }) => records.length > 0);
  if (first === undefined) return [];
  const findings: EvidenceFinding[] = [];
  const path = `${root}/.gitattributes`;
  const { kind, size } = files.info(path);
  const text =
    kind === 'file' && size <= MAX_ATTRIBUTES_BYTES
      ? files.read(path, MAX_ATTRIBUTES_BYTES)?.bytes.toString()
      : '';
  if (text !== ATTRIBUTES)
    findings.push(
      finding(
        'attributes-changed',
        { specId: first.specId, file: path, expected: ATTRIBUTES.trim() },
        'Without these attributes git may convert line ends in a clone, and digests fail there.',
      ),
    );
  const ignored = await ignoredOf(
    git,
    verdicts.flatMap(({ examples }) => examples),
  );
  for (const file of [...ignored].sort())
    findings.push(
      finding(
        'ignored-by-git',
        { specId: first.specId, file },
        'git ignores this file of a bundle and its like, so a clone will miss them. Change the ignore rule.',
      ),
    );
  return findings;
}

async function ignoredOf(git: Workspace['git'], paths: readonly string[]): Promise<ReadonlySet<string>> {
  try {
    return await git.ignored(paths);
  } catch (error) {
    if (error instanceof SpecError) return new Set();
    throw error;
  }
}

function unverifiable(verdicts: readonly SpecVerdict[]): readonly EvidenceFinding[] {
  return verdicts
    .filter(verdict => verdict.unverifiable.length > 0)
    .map(({ specId, unverifiable: names }) =>
      finding(
        'unverifiable',
        { specId },
        `${names.length} files carry no session of ours, so nothing can be said about them: ${names.slice(0, 3).join(', ')}${names.length > 3 ? ' ...' : ''}`,
      ),
    );
}
