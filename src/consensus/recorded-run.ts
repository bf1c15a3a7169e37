import { AgentEvidence, ConsensusInputs, type Verdict } from '../../schemas/consensus.js';
import { SESSION_ID, type Stage } from '../../schemas/ids.js';
import { AGENT_ROLES } from '../../schemas/settings.js';
import { SpecError } from '../errors.js';
import { namedFiles } from '../evidence/bundle-files.js';
import { findBundle } from '../evidence/find-bundle.js';
import { verifyRecorded } from '../evidence/verify-one.js';
import type { Workspace } from '../workspace/workspace.js';
import { recomputeVerdict } from './recompute.js';

const ANSWER = new RegExp(`_(${[...AGENT_ROLES, 'escalation'].join('|')})\\.json$`);

/** What a recorded run came to, computed again, and the answers that it came to it by. */
export interface RecordedRun {
  readonly verdict: Verdict;
  readonly inputs: ConsensusInputs;
  /** All files of the bundle by their bare names. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** The agents' files by what they are called after: `gemini`, `escalation`; bytes as stored. */
  readonly answers: readonly {
    readonly part: string;
    readonly bytes: Buffer;
    readonly evidence: AgentEvidence;
  }[];
}

/** Throws NOT_FOUND, REFUSED when the evidence does not verify or does not hold what it claims. */
export function recordedRun(
  workspace: Workspace,
  root: string,
  specId: string,
  stage: Stage,
  runId: string,
): RecordedRun {
  const found = SESSION_ID.test(runId) ? findBundle(workspace, root, specId, runId) : undefined;
  const predicate = found?.manifest?.predicate;
  if (found === undefined || predicate?.kind !== 'consensus' || predicate.stage !== stage)
    throw new SpecError(
      'NOT_FOUND',
      `There is no recorded verdict of ${stage} run ${runId.slice(0, 40)} of ${specId}. \`spec-kit-mcp evidence list ${specId}\` shows what there is.`,
    );
  const wrong = verifyRecorded(workspace, root, specId, found.seq).find(
    ({ severity }) => severity === 'error',
  );
  if (wrong !== undefined) throw unsound(runId, wrong.message);
  const files = namedFiles(workspace, root, specId, found.manifest);
  const { verdict, problems } = recomputeVerdict(files);
  const [problem] = problems;
  if (verdict === null || problem !== undefined)
    throw unsound(runId, `${problem?.file ?? ''} ${problem?.message ?? 'It has no verdict.'}`);
  const inputs = files.get(`spec-${stage}_${runId}_inputs.json`)?.toString() ?? 'null';
  return { verdict, files, inputs: ConsensusInputs.parse(JSON.parse(inputs)), answers: answersIn(files) };
}

/** Of a bundle whose files were found sound. */
export function answersIn(files: ReadonlyMap<string, Buffer>): RecordedRun['answers'] {
  return [...files].flatMap(([name, bytes]) => {
    const part = ANSWER.exec(name)?.[1];
    return part === undefined
      ? []
      : [{ part, bytes, evidence: AgentEvidence.parse(JSON.parse(bytes.toString())) }];
  });
}

function unsound(runId: string, why: string): SpecError {
  return new SpecError(
    'REFUSED',
    `The evidence of run ${runId} does not hold, so there is nothing to accept. ${why.trim()}`,
  );
}
