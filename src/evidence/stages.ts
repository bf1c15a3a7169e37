import * as z from 'zod';
import type { Manifest } from '../../schemas/evidence.js';
import { Check } from '../../schemas/guardrail.js';
import { type Outcome, STAGES, type Stage } from '../../schemas/ids.js';
import type { StageStatus } from '../../schemas/status.js';
import { decideOutcome } from '../guardrail/outcome.js';
import type { Workspace } from '../workspace/workspace.js';
import { inBundleFolders } from './bundle-files.js';
import { sha256Of } from './digest.js';
import { nameOf } from './layout.js';
import { newestRecords } from './newest.js';
import { MAX_MANIFEST_BYTES, parsed, type Recorded } from './records.js';

const Telemetry = z.object({ checks: z.array(Check) });

/**
 * The newest guardrail of each stage, in the order of the stages. The outcome is decided anew from the checks in the
 * telemetry file; it is `incomplete` when that file or its manifest is not the one that was recorded.
 */
export function stagesOf(workspace: Workspace, evidenceRoot: string, specId: string): readonly StageStatus[] {
  return newestStages(workspace, evidenceRoot, specId).map(({ status }) => status);
}

/** The same, each with the number of its record. */
export function newestStages(
  workspace: Workspace,
  evidenceRoot: string,
  specId: string,
): readonly { readonly seq: number; readonly status: StageStatus }[] {
  const newest = newestGuardrails(workspace, evidenceRoot, specId);
  return STAGES.flatMap(stage => {
    const recorded = newest.get(stage);
    if (recorded === undefined) return [];
    const { bundle, at } = recorded.record;
    const outcome = guardrailOutcome(workspace, evidenceRoot, stage, recorded);
    return { seq: recorded.seq, status: { stage, outcome, bundle, at } };
  });
}

/** The newest record of each stage whose name says it is a guardrail's. Whether it is one, and sound, is not looked at. */
export function newestGuardrails(
  workspace: Workspace,
  evidenceRoot: string,
  specId: string,
): ReadonlyMap<Stage, Recorded> {
  return newestRecords(workspace, evidenceRoot, specId, stageOf, STAGES.length);
}

/**
 * Only the server's own bundles have a manifest of this name: a caller's file may not start with `spec-`. A consensus of
 * the stage has one, too, in another folder.
 */
function stageOf(manifestPath: string): Stage | undefined {
  if (!manifestPath.startsWith('commands/')) return undefined;
  const name = nameOf(manifestPath);
  return STAGES.find(stage => name.startsWith(`spec-${stage}_`));
}

/** Decided anew from the checks in the telemetry; `incomplete` when anything is not as it was recorded. */
export function guardrailOutcome(
  workspace: Workspace,
  root: string,
  stage: Stage,
  { record, manifest }: Recorded,
): Outcome {
  if (manifest?.predicate.kind !== 'guardrail' || manifest.predicate.attestedBy !== 'server')
    return 'incomplete';
  if (manifest.predicate.stage !== stage) return 'incomplete';
  const subject = telemetryOf(manifest, stage, record.bundle);
  if (subject === undefined) return 'incomplete';
  const bytes = inBundleFolders(workspace, root, record.specId, read =>
    read(subject.name, Math.min(subject.annotations.size, MAX_MANIFEST_BYTES)),
  );
  if (typeof bytes === 'string' || sha256Of(bytes) !== subject.digest.sha256) return 'incomplete';
  const checks = Telemetry.safeParse(parsed(bytes)).data?.checks;
  return checks === undefined ? 'incomplete' : decideOutcome(checks);
}

/** The telemetry file among the files of a guardrail bundle. */
export function telemetryOf(
  manifest: Manifest,
  stage: Stage,
  bundle: string,
): Manifest['subject'][number] | undefined {
  return manifest.subject.find(({ name }) => nameOf(name) === `spec-${stage}_${bundle}.json`);
}
