import type { StageReport } from '../../schemas/stage-tools.js';
import { bundleUri, indexUri } from '../evidence/layout.js';
import { runUri } from '../pipeline/run-files.js';

/** URIs of the resources that a call of a stage changed. */
export function changedByStage({
  specId,
  runId,
  guardrail,
  status,
  document,
}: StageReport): readonly string[] {
  const spec = [`spec-kit://specs/${specId}`, 'spec-kit://specs', indexUri(specId)];
  return [
    ...(status === 'dry_run' ? [] : spec),
    ...(runId === null ? [] : [runUri(runId)]),
    ...(guardrail === null ? [] : [bundleUri(specId, guardrail.bundle)]),
    ...(runId !== null && status === 'done' ? [bundleUri(specId, runId)] : []),
    ...(document?.written === true
      ? ['spec-kit://tracker', `spec-kit://specs/${specId}/${document.path.split('/').at(-1) ?? ''}`]
      : []),
  ];
}
