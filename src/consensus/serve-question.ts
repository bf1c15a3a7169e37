import type { StageReport } from '../../schemas/stage-tools.js';
import { stageCall } from '../pipeline/take-up.js';
import { estimateOf } from './estimate.js';
import { questionFor, questionText } from './question.js';
import { agentLines, clip, preflightReport } from './report.js';
import { type Running, release } from './running.js';
import { answerOf, runFolder, type Seat } from './state.js';
import { writeQuestion } from './work-files.js';

/** Hands the question of a role to the caller and waits for its answer, however long and over restarts. */
export function serveQuestion(run: Running, seat: Seat): StageReport {
  const { call, root, stored } = run;
  const { state } = stored;
  const question = questionFor(state, seat);
  const place = writeQuestion(call.workspace, runFolder(root, state.runId), state.runId, seat, question);
  const refused = answerOf(state, seat)?.attempts.at(-1)?.failure;
  const { tool, arguments: named } = stageCall(state.specId, state.stage);
  release(run, 'awaiting_output');
  return {
    workspace: call.workspace.label,
    specId: state.specId,
    stage: state.stage,
    status: 'awaiting_output',
    verdict: null,
    summary: summaryOf(seat, tool, place.promptPath, refused?.message),
    runId: state.runId,
    guardrail: { outcome: state.guardrail.outcome, bundle: state.guardrail.bundle },
    ...(state.answers.length === 0
      ? { preflight: preflightReport(state, estimateOf(run.loaded, state)) }
      : {}),
    agents: agentLines(state.seats, state.answers),
    awaiting: {
      agent: seat.role,
      role: seat.title,
      prompt: questionText(question),
      ...place,
      ...(refused
        ? {
            errors:
              refused.errors.length === 0 ? [clip(refused.message)] : refused.errors.slice(0, 5).map(clip),
          }
        : {}),
    },
    resource: place.promptUri,
    next: { tool, arguments: { ...named, runId: state.runId, agent: seat.role } },
  };
}

function summaryOf(seat: Seat, tool: string, promptPath: string, refused: string | undefined): string {
  const turn = `It is the turn of ${seat.role} (${seat.title}): answer the prompt (also in ${promptPath}) with JSON that holds for its schema, and call ${tool} with "next" and the JSON as "output".`;
  return refused === undefined
    ? `${turn} Use another model or a fresh sub-agent for each role if you can; one model for all roles ends degraded.`
    : `${clip(refused)} One more try. ${turn}`;
}
