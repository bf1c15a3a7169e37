import type { LintTasksInput } from '../../schemas/inputs/tracker.js';
import type { Settings } from '../../schemas/settings.js';
import type { Counts, Finding } from '../../schemas/shared.js';
import type { LintReport } from '../../schemas/tracker.js';
import { lintPacket } from '../packet/documents.js';
import { findPacket, listPackets } from '../packet/find.js';
import { loadSettings } from '../settings/load.js';
import { lintTracker } from '../tracker/lint.js';
import { specRows } from '../tracker/rows.js';
import type { Workspace } from '../workspace/workspace.js';
import { unfoundedClaims } from './claims.js';
import { addCounts, countFindings, inOrder, pageOfFindings } from './findings.js';

type Input = Omit<LintTasksInput, 'workspace'>;

/**
 * Findings in the tracker and the packets, a page at a time. With `path` only that file; with `specId` only that
 * spec's rows and packet; profile origin looks at the tracker alone, as the old linter did.
 */
export async function lintTasks(workspace: Workspace, input: Input): Promise<LintReport> {
  const { settings } = await loadSettings(workspace);
  const path = input.path ?? settings.workspace.tracker;
  const { profile, specId } = input;
  const onTracker = await lintTracker(workspace, { path, profile, specId });
  const onPackets =
    profile === 'origin' || input.path !== undefined ? [] : lintPackets(workspace, settings, specId);
  const onClaims = profile === 'origin' ? [] : await lintClaims(workspace, settings, path, specId);
  const findings = inOrder([...onTracker.findings, ...onClaims, ...onPackets]);
  const counts = addCounts(onTracker.counts, countFindings([...onClaims, ...onPackets]));
  const { page, next } = pageOfFindings(findings, Number(input.cursor ?? 0), input.limit);
  return {
    workspace: workspace.label,
    profile,
    outcome: counts.error === 0 ? 'passed' : 'failed',
    summary: onTracker.summary ?? summaryOf(path, onTracker.rows, counts),
    counts: { ...counts, rows: onTracker.rows },
    findings: page,
    ...(next === undefined ? {} : { nextCursor: String(next) }),
    next: nextCall(input, next, counts.error),
  };
}

function lintPackets(workspace: Workspace, settings: Settings, specId: string | undefined): Finding[] {
  const { docs_root: docsRoot, tracker } = settings.workspace;
  const packets =
    specId === undefined ? listPackets(workspace, docsRoot) : [findPacket(workspace, docsRoot, specId)];
  return packets.flatMap(packet => {
    const [row] = specRows(workspace, tracker, packet.specId);
    return lintPacket(workspace, packet, row?.status ?? null);
  });
}

async function lintClaims(
  workspace: Workspace,
  { workspace: { evidence_root: root } }: Settings,
  path: string,
  specId: string | undefined,
): Promise<Finding[]> {
  const claims = await unfoundedClaims(workspace, path, root, specId);
  return claims.map(({ rule, line, column, message }) => ({
    code: rule.code,
    severity: rule.severity,
    file: path,
    line,
    column,
    message,
    fix: rule.fix,
  }));
}

function summaryOf(path: string, rows: number, { error, warning, info }: Counts): string {
  const problems = `${error} errors, ${warning} warnings, ${info} notes`;
  return `${path}: ${rows} rows; ${error + warning + info === 0 ? 'nothing to report' : problems}.`;
}

function nextCall(
  { limit: _, cursor: __, ...input }: Input,
  next: number | undefined,
  errors: number,
): LintReport['next'] {
  if (next !== undefined) return { tool: 'lint_tasks', arguments: { ...input, cursor: String(next) } };
  return errors > 0
    ? { tool: 'lint_tasks', arguments: { ...input } }
    : { tool: 'spec_status', arguments: {} };
}
