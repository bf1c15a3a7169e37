import type { RunRecord } from '../../schemas/run.js';
import type { Settings } from '../../schemas/settings.js';
import type { DocumentStatus, SpecStatusReport, SpecSummary, StageStatus } from '../../schemas/status.js';
import type { TrackerRow } from '../../schemas/tracker.js';
import { assertedWords } from '../consensus/asserted.js';
import { type StageVerdict, stageVerdicts } from '../consensus/stage-verdicts.js';
import { SpecError } from '../errors.js';
import { footprintOf } from '../evidence/footprint.js';
import { stagesOf } from '../evidence/stages.js';
import { type VerifiedStages, verifiedStages } from '../evidence/standing.js';
import { assertDocsFolder, DOCUMENTS, findPacket, listPackets, type Packet } from '../packet/find.js';
import { activeRun } from '../pipeline/active-run.js';
import { takeUpCall } from '../pipeline/take-up.js';
import { loadSettings } from '../settings/load.js';
import { specRows } from '../tracker/rows.js';
import type { Workspace } from '../workspace/workspace.js';
import { nextForSpec } from './next-call.js';

/** Where one spec stands in detail, or each spec in a line. Throws NOT_FOUND for an unknown spec, CONFIG_INVALID. */
export async function specStatus(
  workspace: Workspace,
  specId: string | undefined,
): Promise<SpecStatusReport> {
  const { settings } = await loadSettings(workspace);
  return specId === undefined
    ? allSpecs(workspace, settings)
    : oneSpec(workspace, settings, findPacket(workspace, settings.workspace.docs_root, specId));
}

async function oneSpec(workspace: Workspace, settings: Settings, packet: Packet): Promise<SpecStatusReport> {
  const { specId, directory } = packet;
  const root = settings.workspace.evidence_root;
  const documents = documentsOf(workspace, packet);
  const { stages, problem } = await stagesWithVerdicts(workspace, root, packet);
  const tasks = tasksOf(workspace, settings, specId);
  const run = runOf(workspace, root, specId);
  return {
    workspace: workspace.label,
    summary: summaryOf(specId, stages, tasks),
    specId,
    packet: directory,
    documents,
    tasks,
    stages,
    evidence: {
      ...footprintOf(workspace, root, specId),
      ...(problem === undefined ? {} : { problem }),
    },
    ...(run === undefined ? {} : { runId: run.runId, status: run.status, stage: run.stage }),
    next:
      (run === undefined ? undefined : takeUpCall(run)) ??
      (problem === undefined
        ? nextForSpec(specId, missingOf(documents), stages)
        : { tool: 'verify_evidence', arguments: { specId } }),
  };
}

/** What the newest runs come to; where the ledger does not verify, agents have no verdict either. */
async function stagesWithVerdicts(
  workspace: Workspace,
  root: string,
  packet: Packet,
): Promise<VerifiedStages> {
  const { stages, problem } = await verifiedStages(workspace, root, packet.specId);
  const verdicts = await stageVerdicts(workspace, root, packet);
  const both = stages.map(each => {
    const agents = verdicts.get(each.stage);
    if (agents === undefined) return each;
    return { ...each, ...agentsOf(problem === undefined ? agents : { ...agents, verdict: null }) };
  });
  return { stages: both, problem };
}

function agentsOf({
  verdict,
  outdatedBy,
  asserted,
}: StageVerdict): Pick<StageStatus, 'verdict' | 'outdatedBy' | 'asserted'> {
  return {
    verdict,
    ...(outdatedBy.length === 0 ? {} : { outdatedBy: [...outdatedBy] }),
    ...(asserted.length === 0 ? {} : { asserted: [...asserted] }),
  };
}

/** A spoilt record says so when the run is asked for; it hides nothing else. */
function runOf(workspace: Workspace, root: string, specId: string): RunRecord | undefined {
  try {
    return activeRun(workspace, root, specId);
  } catch (error) {
    if (error instanceof SpecError) return undefined;
    throw error;
  }
}

function allSpecs(workspace: Workspace, settings: Settings): SpecStatusReport {
  const { docs_root: docsRoot, evidence_root: root } = settings.workspace;
  assertDocsFolder(workspace, docsRoot);
  const specs = listPackets(workspace, docsRoot).map((packet): SpecSummary => {
    const { specId, directory } = packet;
    const [row] = tasksOf(workspace, settings, specId);
    return {
      specId,
      packet: directory,
      missing: missingOf(documentsOf(workspace, packet)),
      task: row === undefined ? null : `${row.taskId} ${row.rawStatus}`,
      lastStage: lastOf(stagesOf(workspace, root, specId)),
    };
  });
  const [first] = specs;
  return {
    workspace: workspace.label,
    summary:
      specs.length === 0
        ? `There are no packets under ${docsRoot}/.`
        : `${specs.length} specs under ${docsRoot}/.`,
    specs,
    next: first === undefined ? null : { tool: 'spec_status', arguments: { specId: first.specId } },
  };
}

/** Quick, so nothing is verified here, and nothing is said to have passed. */
function lastOf(stages: readonly StageStatus[]): SpecSummary['lastStage'] {
  const last = stages.at(-1);
  if (last === undefined) return null;
  const { stage, outcome: claims, bundle, at } = last;
  return { stage, claims, bundle, at };
}

/** A workspace may have packets before it has a tracker. */
function tasksOf(workspace: Workspace, { workspace: { tracker } }: Settings, specId: string): TrackerRow[] {
  return workspace.files.info(tracker).kind === 'missing' ? [] : [...specRows(workspace, tracker, specId)];
}

function documentsOf({ files }: Workspace, { directory }: Packet): DocumentStatus[] {
  return DOCUMENTS.map(name => {
    const path = `${directory}/${name}`;
    const { kind, size } = files.info(path);
    return { name, path, present: kind === 'file', bytes: size };
  });
}

/** PRD.md is optional. */
function missingOf(documents: readonly DocumentStatus[]): string[] {
  return documents.filter(({ name, present }) => !present && name !== 'PRD.md').map(({ name }) => name);
}

function summaryOf(specId: string, stages: readonly StageStatus[], tasks: readonly TrackerRow[]): string {
  const rows = tasks.map(({ taskId, rawStatus }) => `${taskId} ${rawStatus}`).join(', ') || 'no tracker row';
  return [`${specId}: ${ranWords(stages.at(-1))}; ${rows}.`, ...stages.flatMap(agentWords)].join(' ');
}

function ranWords(last: StageStatus | undefined): string {
  if (last === undefined) return 'no guardrail ran yet';
  const { stage, outcome, problem } = last;
  const but = problem === undefined ? '' : `, its evidence does not hold: ${problem.replace(/\.$/, '')}`;
  return `${stage} guardrail ${outcome}${but}`;
}

/** What must not be taken for an agreement that was proven, and about this text. */
function agentWords({ stage, verdict, outdatedBy = [], asserted = [] }: StageStatus): readonly string[] {
  const outdated = outdatedBy.length > 0;
  if (verdict !== 'ok' || !(outdated || asserted.length > 0)) return [];
  const about = `${outdatedBy.join(', ')} changed since: the verdict on ${stage} does not count any more.`;
  return [outdated ? about : `Agents on ${stage}: ok. ${assertedWords(asserted)}`];
}
