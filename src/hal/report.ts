import type { HalReport, HalSummary } from '../../schemas/hal.js';
import type { Published } from '../evidence/bundle.js';
import type { Workspace } from '../workspace/workspace.js';
import type { HalRun, HalRunCheck } from './hal.js';

/** What a report may have: clients show their model the whole text. */
const MOST_BYTES = 6000;
const ARTIFACT_BYTES = 160;

/** What a caller gets to see of a run: not passed first, as many checks as fit; the evidence has all of it. */
export function reportOf(
  { label }: Workspace,
  specId: string,
  { outcome, checks, summary, waiver }: HalRun,
  sentence: string,
  { bundle, resource }: Published,
): HalReport {
  const shown = thatFit([
    ...checks.filter(({ status }) => status !== 'passed'),
    ...checks.filter(({ status }) => status === 'passed'),
  ]);
  return {
    workspace: label,
    specId,
    outcome,
    summary: sentence,
    checks: shown.map(({ name, status, cause, message, durationMs, httpStatus }) => ({
      name,
      status,
      ...(cause === undefined ? {} : { cause }),
      message,
      durationMs,
      ...(httpStatus === undefined ? {} : { httpStatus }),
    })),
    omitted: checks.length - shown.length,
    hal: { summary: shortened(summary, shown) },
    waivers: waiver === undefined ? [] : [waiver],
    bundle,
    resource,
    next:
      outcome === 'passed'
        ? { tool: 'spec_status', arguments: { specId } }
        : { tool: 'hal_smoke', arguments: { specId } },
  };
}

function thatFit(checks: readonly HalRunCheck[]): readonly HalRunCheck[] {
  let bytes = 0;
  const end = checks.findIndex(({ name, message }) => {
    bytes += Buffer.byteLength(message) + 2 * name.length + 80 + ARTIFACT_BYTES;
    return bytes > MOST_BYTES;
  });
  return end === -1 ? checks : checks.slice(0, end);
}

/** Of the checks that are shown. */
function shortened(summary: HalSummary, shown: readonly HalRunCheck[]): HalSummary {
  return {
    status: summary.status,
    failed_checks: summary.failed_checks.filter(name => shown.some(check => check.name === name)),
    artifacts: summary.artifacts.filter(path =>
      shown.some(({ file }) => file !== undefined && path.endsWith(`/${file.name}`)),
    ),
  };
}
