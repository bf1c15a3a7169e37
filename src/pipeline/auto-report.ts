import type { AutoReport, Halt } from '../../schemas/auto.js';
import type { Outcome, Stage } from '../../schemas/ids.js';
import type { RunStatus } from '../../schemas/run.js';
import type { AgentRole } from '../../schemas/settings.js';
import { assertedWords } from '../consensus/asserted.js';
import type { Stop } from './auto.js';
import { sumOf } from './auto-budget.js';
import { type Auto, isComplete, isOfVerdict } from './auto-state.js';
import { runUri } from './run-files.js';

const MOST_FINDINGS = 6;

/** `asserted`: by stage, the roles whose answers the caller handed in. */
export function autoReport(
  auto: Auto,
  stop: Stop | undefined,
  status: RunStatus,
  asserted: ReadonlyMap<Stage, readonly AgentRole[]>,
): AutoReport {
  const { state, packet, runId, call } = auto;
  const halt = stop !== undefined && 'halt' in stop ? shortened(stop.halt) : null;
  const needs = stop !== undefined && 'needs' in stop ? stop.needs : null;
  return {
    workspace: call.workspace.label,
    specId: packet.specId,
    runId,
    status: call.signal.aborted ? 'cancelled' : status,
    outcome: outcomeOf(auto, stop),
    summary: [summaryOf(auto, halt, needs), assertedIn(asserted)].filter(part => part !== '').join(' '),
    stages: state.stages.map(stage => {
      const roles = asserted.get(stage);
      return { ...stageLine(auto, stage), ...(roles === undefined ? {} : { asserted: [...roles] }) };
    }),
    halt,
    needs,
    waivers: state.stages.flatMap(stage => waiversOf(auto, stage)),
    spent: sumOf(state.attempts.map(({ spent }) => spent)),
    resource: runUri(runId),
    next: nextOf(auto, stop),
  };
}

function shortened({ findings, ...halt }: Halt): Halt {
  return { ...halt, findings: findings.slice(0, MOST_FINDINGS) };
}

/** The newest try of a stage counts. */
function newestTry({ state }: Auto, stage: Stage) {
  return state.attempts.findLast(each => each.stage === stage);
}

export function stageLine(auto: Pick<Auto, 'state'>, stage: Stage): AutoReport['stages'][number] {
  const tries = auto.state.attempts.filter(each => each.stage === stage);
  const newest = tries.at(-1);
  return {
    stage,
    outcome: newest?.outcome ?? null,
    verdict: tries.findLast(({ verdict }) => verdict !== null)?.verdict ?? null,
    tries: tries.length,
    bundle: newest?.bundle ?? null,
  };
}

function waiversOf(auto: Auto, stage: Stage): AutoReport['waivers'] {
  const newest = newestTry(auto, stage);
  const decided = auto.state.attempts.findLast(each => each.stage === stage && each.verdict !== null);
  const accepted = decided === undefined || decided === newest ? [] : decided.waivers.filter(isOfVerdict);
  return [...(newest?.waivers ?? []), ...accepted].map(waiver => ({ ...waiver, stage }));
}

function outcomeOf(auto: Auto, stop: Stop | undefined): Outcome {
  if (stop === undefined) return 'passed';
  return 'halt' in stop && newestTry(auto, stop.halt.stage)?.outcome === 'failed' ? 'failed' : 'incomplete';
}

function summaryOf(auto: Auto, halt: Halt | null, needs: AutoReport['needs']): string {
  const { state, packet } = auto;
  const done = state.stages.filter(stage => isComplete(state, stage));
  const so = `${done.length} of ${state.stages.length} stages of ${packet.specId} passed${done.length === 0 ? '' : ` (${done.join(', ')})`}`;
  if (halt !== null) return `Halted at ${halt.stage}: ${halt.reason} ${so}.`;
  if (needs === 'implementation')
    return `${so}. Now the work itself: implement it, commit it, then go on with \`next\`; nothing was implemented by this run.`;
  if (needs === 'answers') return `${so}. The agents' questions wait for your answers: see \`next\`.`;
  return `${so}: the run is at its end.`;
}

function assertedIn(asserted: ReadonlyMap<Stage, readonly AgentRole[]>): string {
  const words = assertedWords([...new Set([...asserted.values()].flat())]);
  return words === '' ? '' : `On ${[...asserted.keys()].join(', ')}: ${words}`;
}

function nextOf(auto: Auto, stop: Stop | undefined): AutoReport['next'] {
  if (stop === undefined) return { tool: 'verify_evidence', arguments: { specId: auto.packet.specId } };
  return 'halt' in stop ? stop.halt.resume : stop.next;
}
