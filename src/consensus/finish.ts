import type { Synthesis } from '../../schemas/consensus.js';
import type { StageReport } from '../../schemas/stage-tools.js';
import type { BundleFile, Published } from '../evidence/bundle.js';
import { publishBundle } from '../evidence/publish.js';
import { updateRun } from '../pipeline/run-store.js';
import { stageCall } from '../pipeline/take-up.js';
import type { Workspace } from '../workspace/workspace.js';
import { assertedRoles, assertedWords, handedIn } from './asserted.js';
import type { Conclusion } from './conclude.js';
import { draftOf } from './draft.js';
import { contextFiles, filePrefix, jsonFile } from './evidence-files.js';
import { agentLines, clip } from './report.js';
import type { Running } from './running.js';
import type { StageState } from './state.js';
import { telemetryV2 } from './telemetry-v2.js';
import { removeWorkFiles } from './work-files.js';
import { writeDocument } from './write-document.js';

const SHOWN = 12;

/** Decides, records, drafts the document of an ok verdict, and ends the run. What is not recorded is not decided. */
export async function finish(run: Running, conclusion: Conclusion, write: boolean): Promise<StageReport> {
  const { call, root, stored } = run;
  const { workspace } = call;
  const { state } = stored;
  const draft = draftOf(state, conclusion.synthesis);
  const published = publish(run, conclusion, draft);
  const report = reportOf(run, conclusion, published, draft !== undefined);
  updateRun(workspace, root, state.runId, () => ({
    status: 'done',
    owner: null,
    progress: null,
    failure: null,
    result: report,
  }));
  removeWorkFiles(workspace, root, state.runId);
  return write && draft !== undefined ? writeDocument(workspace, root, report) : report;
}

function publish(
  { call, root, stored }: Running,
  conclusion: Conclusion,
  draft: ReturnType<typeof draftOf>,
): Published {
  const { state } = stored;
  const { files, synthesis } = conclusion;
  return publishBundle(call.workspace, root, {
    specId: state.specId,
    sessionId: state.runId,
    prefix: `spec-${state.stage}`,
    kind: 'consensus',
    attestedBy: 'server',
    stage: state.stage,
    outcome: null,
    verdict: synthesis.status,
    checks: [],
    content: null,
    waivers: [],
    source: state.source,
    configDigest: state.configDigest,
    startedAt: state.startedAt,
    endedAt: synthesis.timestamp,
    files: withTelemetry(call.workspace, state, conclusion, [
      ...contextFiles(state),
      ...files,
      ...(draft === undefined ? [] : [draft]),
    ]),
  });
}

/** The line of telemetry names all files of the bundle, its own among them. */
function withTelemetry(
  { operator }: Workspace,
  state: StageState,
  { synthesis, metrics }: Conclusion,
  files: readonly BundleFile[],
): readonly BundleFile[] {
  const prefix = filePrefix(state);
  const all = [...files, ...metrics.map(each => jsonFile(`${prefix}_${each.agent}_metrics.json`, each))];
  if (!operator.consensusTelemetry) return all;
  const name = `${prefix}_telemetry.jsonl`;
  const line = telemetryV2({
    synthesis,
    metrics,
    artifacts: [...all.map(file => file.name), name],
    notes: [],
    guardrail: { outcome: state.guardrail.outcome, bundle: state.guardrail.bundle },
  });
  return [...all, { name, bytes: Buffer.from(`${JSON.stringify(line)}\n`) }];
}

function reportOf(
  { call, root, stored }: Running,
  { synthesis }: Conclusion,
  { resource }: Published,
  drafted: boolean,
): StageReport {
  const { state } = stored;
  const { specId, stage, runId, guardrail } = state;
  return {
    workspace: call.workspace.label,
    specId,
    stage,
    status: 'done',
    verdict: synthesis.status,
    summary: summaryOf(state, synthesis),
    runId,
    guardrail: { outcome: guardrail.outcome, bundle: guardrail.bundle },
    agents: agentLines(state.seats, state.answers),
    ...(state.budgetStop === null ? {} : { budgetStop: state.budgetStop }),
    conflicts: synthesis.findings
      .filter(({ severity }) => severity === 'conflict')
      .slice(0, SHOWN)
      .map(({ detail }) => clip(detail)),
    findings: worstFirst(synthesis)
      .slice(0, SHOWN)
      .map(({ rule, severity, detail, how_to_clear }) => ({
        rule,
        severity,
        detail: clip(detail),
        how_to_clear: clip(how_to_clear),
      })),
    ...documentOf(state, drafted),
    synthesis: `${root}/consensus/${specId}/${filePrefix(state)}_synthesis.json`,
    resource,
    next: nextOf(state, synthesis, drafted),
  };
}

function documentOf(state: StageState, drafted: boolean): Pick<StageReport, 'document'> {
  const { target, specId, stage, runId } = state;
  if (target === null || !drafted) return {};
  return {
    document: {
      path: target.path,
      preview: `spec-kit://evidence/${specId}/${runId}/${filePrefix(state)}_${stage}.md`,
      replaces: target.sha256,
      written: false,
      message: `The agreed ${stage}.md is a preview. Call again with runId and write to put it in place.`,
    },
  };
}

function summaryOf(state: StageState, { status, status_reasons, also, coverage }: Synthesis): string {
  const { stage, specId } = state;
  const why = status_reasons.length === 0 ? '' : ` because of ${status_reasons.slice(0, 6).join(', ')}`;
  const asserted = assertedWords(assertedRoles(handedIn(state)));
  return `Consensus of ${stage} of ${specId}: ${status}${why}. ${asserted === '' ? '' : `${asserted} `}${coverage.covered} of ${coverage.total} criteria covered; ${also.conflicts} conflicts, ${also.degrades} degradations, ${also.warnings} warnings.`;
}

const weights: Readonly<Record<string, number>> = { conflict: 0, degrade: 1, warn: 2, info: 3 };

function worstFirst({ findings }: Synthesis): Synthesis['findings'] {
  return findings.toSorted((a, b) => (weights[a.severity] ?? 9) - (weights[b.severity] ?? 9));
}

function nextOf(state: StageState, { status }: Synthesis, drafted: boolean): StageReport['next'] {
  const { tool, arguments: named } = stageCall(state.specId, state.stage);
  if (status !== 'ok') return { tool, arguments: named };
  if (drafted) return { tool, arguments: { ...named, runId: state.runId, write: true } };
  return { tool: 'spec_status', arguments: { specId: state.specId } };
}
