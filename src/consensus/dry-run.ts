import type { StageReport } from '../../schemas/stage-tools.js';
import { newSessionId } from '../evidence/session.js';
import { openStaging } from '../evidence/staging.js';
import { stageCall } from '../pipeline/take-up.js';
import type { LoadedSettings } from '../settings/load.js';
import type { Workspace } from '../workspace/workspace.js';
import type { Prepared } from './begin.js';
import { asState, estimateOf } from './estimate.js';
import { questionFor, questionText } from './question.js';
import { agentLines, preflightReport } from './report.js';
import { writeQuestion } from './work-files.js';

/**
 * The prompts as they would be asked now, in files that git ignores and that are gone after a day; the ones after the
 * first still lack the answers before them. Nothing is run and nothing is sent.
 */
export function dryRun(
  workspace: Workspace,
  loaded: LoadedSettings,
  root: string,
  prepared: Prepared,
): StageReport {
  const runId = newSessionId(workspace);
  const folder = openStaging(workspace, root, runId);
  const state = { ...asState(prepared), runId };
  const places = prepared.seats.map(seat => {
    const question = questionFor(state, seat);
    return { seat, question, ...writeQuestion(workspace, folder, runId, seat, question) };
  });
  const [first] = places;
  const { tool, arguments: named } = stageCall(prepared.specId, prepared.stage);
  return {
    workspace: workspace.label,
    specId: prepared.specId,
    stage: prepared.stage,
    status: 'dry_run',
    verdict: null,
    summary: `Dry run: ${places.length} prompts (version ${prepared.promptVersion}, ${prepared.promptSource}) are in ${folder}; nothing was run or sent. ${prepared.criteria.length} criteria, ${prepared.findings.length} findings of preflight.`,
    runId: null,
    guardrail: null,
    preflight: preflightReport(prepared, estimateOf(loaded, prepared)),
    agents: agentLines(prepared.seats, []),
    ...(first === undefined
      ? {}
      : {
          awaiting: {
            agent: first.seat.role,
            role: first.seat.title,
            prompt: questionText(first.question),
            promptPath: first.promptPath,
            promptUri: first.promptUri,
            schemaPath: first.schemaPath,
          },
          resource: first.promptUri,
        }),
    next: { tool, arguments: named },
  };
}
