import type { LintProfile } from '../../schemas/inputs/tracker.js';
import type { Counts, Finding } from '../../schemas/shared.js';
import { SpecError } from '../errors.js';
import type { Git } from '../workspace/git.js';
import type { Workspace } from '../workspace/workspace.js';
import { latestToday } from './dates.js';
import { countsOf, report, sorted, unlisted } from './findings.js';
import { createLintRun, createRowLint } from './lint-rows.js';
import type { LintRun } from './lint-run.js';
import { lintAsOrigin } from './origin.js';
import { createPathAsker } from './path-facts.js';
import { readTracker } from './read.js';
import { scanTracker } from './scan.js';
import { checkTables, createLooseCheck } from './table-checks.js';
import { tableRules } from './table-rules.js';
import { reportGoneBranches } from './work-checks.js';

export interface TrackerLint {
  /** Errors first, then by line. A very long list is cut rule by rule; a finding says so. */
  readonly findings: readonly Finding[];
  /** Of all findings, listed or not. */
  readonly counts: Counts;
  /** Rows checked: with a spec id, the rows of that spec. */
  readonly rows: number;
  /** Profile origin: what the old linter would print last. */
  readonly summary?: string;
}

/**
 * Checks a tracker. With `specId`, rows of other specs are read, for what must be unique, but not reported.
 * Throws NOT_FOUND, NOT_TEXT, LIMIT_EXCEEDED and what `Files.read` throws; without git the rules that need it are skipped.
 */
export async function lintTracker(
  workspace: Workspace,
  options: { readonly path: string; readonly profile: LintProfile; readonly specId?: string | undefined },
): Promise<TrackerLint> {
  const { path, profile, specId } = options;
  if (profile === 'origin') return lintAsOrigin(workspace, path);
  const read = async () => readTracker(workspace, path);
  const [git, { bytes }] = await Promise.all([askGit(workspace.git), read()]);
  const run = createLintRun({
    file: path,
    paths: createPathAsker(workspace.files, git?.tracked),
    branches: git?.branches,
    today: latestToday(workspace.now()),
    specId,
  });
  lintBytes(run, bytes);
  if (git === undefined) reportNoGit(run);
  return finish(run);
}

function lintBytes(run: LintRun, bytes: Buffer): void {
  const rowLint = createRowLint(run);
  const looseCheck = createLooseCheck(run.findings);
  const scanned = scanTracker(bytes, {
    table(table) {
      rowLint.table(table);
      looseCheck.table(table);
    },
    row: rowLint.row,
    loose: looseCheck.loose,
  });
  checkTables(run.findings, scanned, bytes.length);
  reportGoneBranches(run);
}

function finish(run: LintRun): TrackerLint {
  const { findings, specId, rows } = run;
  if (specId !== undefined && rows === 0)
    report(
      findings,
      tableRules.noRow,
      1,
      1,
      () => `No row belongs to ${specId}. Add one whose Task ID is ${specId}, or whose PRD names its packet.`,
    );
  for (const [rule, count] of unlisted(findings))
    report(
      findings,
      tableRules.more,
      1,
      1,
      () => `${count} more findings of ${rule.code} are not listed. Mend the listed ones and lint again.`,
    );
  return { findings: sorted(findings), counts: countsOf(findings), rows };
}

interface GitAnswer {
  readonly tracked: ReadonlySet<string>;
  readonly branches: ReadonlySet<string>;
}

async function askGit(git: Git): Promise<GitAnswer | undefined> {
  try {
    const [tracked, branches] = await Promise.all([git.tracked(), git.branches()]);
    return { tracked, branches };
  } catch (error) {
    if (error instanceof SpecError && error.code === 'GIT_UNAVAILABLE') return undefined;
    throw error;
  }
}

function reportNoGit({ findings }: LintRun): void {
  report(
    findings,
    tableRules.noGit,
    1,
    1,
    () =>
      'git could not be asked, so it was not checked whether branches exist and evidence is tracked. Make `git status` work here, then lint again.',
  );
}
