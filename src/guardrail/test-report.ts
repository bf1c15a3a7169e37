import type { Check } from '../../schemas/guardrail.js';
import type { Command } from '../../schemas/settings.js';
import { SpecError } from '../errors.js';
import type { BundleFile } from '../evidence/bundle.js';
import { redactorOf } from '../evidence/redaction.js';
import type { Workspace } from '../workspace/workspace.js';
import type { Guardrail } from './guardrail.js';
import type { TestCounts } from './reports/counts.js';
import { readReport } from './reports/read.js';

const MAX_BYTES = 16 * 1024 * 1024;
/** Of a longer report head and tail are kept. */
const KEPT = 512 * 1024;

/** What the report of a command makes of its check, with the copy that goes into the bundle. */
export interface Reported {
  readonly check: Pick<Check, 'status' | 'message'> & { readonly tests?: number };
  readonly files: readonly BundleFile[];
}

/** The version of the report before the command runs: an older report says nothing about this run. */
export function reportBefore({ files }: Workspace, { report }: Command): string {
  return report === undefined ? '' : files.info(report.path).version;
}

/**
 * Judges a command that declares a report. Tests that failed fail it whatever the exit code says; fewer tests than it must
 * run, or a report that cannot be relied on, and it did not run. `log`: name of its log; `ended`: the verdict on the command itself.
 */
export function judgeReport(
  guardrail: Guardrail,
  log: string,
  command: Command,
  before: string,
  ended: Pick<Check, 'status' | 'message'>,
): Reported {
  if (command.report === undefined) return { check: ended, files: [] };
  const { format, path } = command.report;
  const read = readFresh(guardrail.workspace, path, before);
  if ('problem' in read) return { check: unreliable(ended, path, read.problem), files: [] };
  const files = [copyOf(guardrail, log, read.text)];
  const counts = readReport(format, read.text);
  if ('problem' in counts) return { check: unreliable(ended, path, `as ${format} ${counts.problem}`), files };
  return { check: counted(ended, counts, Math.max(1, command.min_tests ?? 1)), files };
}

function unreliable(
  ended: Pick<Check, 'status' | 'message'>,
  path: string,
  problem: string,
): Reported['check'] {
  return {
    status: ended.status === 'passed' ? 'not_run' : ended.status,
    message: `${ended.message} Its report ${path} does not count: ${problem}.`,
  };
}

function counted(
  ended: Pick<Check, 'status' | 'message'>,
  { executed, failed, left }: TestCounts,
  least: number,
): Reported['check'] {
  const said = `${ended.message} Its report: ${executed} tests ran, ${failed} failed, ${left} left out.`;
  if (ended.status !== 'passed') return { status: ended.status, message: said, tests: executed };
  if (failed > 0) return { status: 'failed', message: said, tests: executed };
  return executed >= least
    ? { status: 'passed', message: said, tests: executed }
    : { status: 'not_run', message: `${said} At least ${least} must run.`, tests: executed };
}

function readFresh(
  { files }: Workspace,
  path: string,
  before: string,
): { readonly text: string } | { readonly problem: string } {
  const { kind, version } = files.info(path);
  if (kind === 'missing') return { problem: 'the command did not write it' };
  if (version !== '' && version === before) return { problem: 'it is from an earlier run' };
  try {
    const bytes = files.read(path, MAX_BYTES)?.bytes;
    return bytes === undefined ? { problem: 'the command did not write it' } : { text: bytes.toString() };
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return {
      problem:
        error.code === 'LIMIT_EXCEEDED'
          ? `it is longer than ${MAX_BYTES} bytes`
          : 'it is no file of the workspace that can be read',
    };
  }
}

function copyOf({ workspace }: Guardrail, log: string, text: string): BundleFile {
  const clean = redactorOf(workspace).text(text);
  const cut =
    clean.length <= 2 * KEPT
      ? clean
      : `${clean.slice(0, KEPT)}\n[... ${clean.length - 2 * KEPT} characters left out ...]\n${clean.slice(-KEPT)}`;
  return { name: log.replace(/_log\.txt$/, '_report.txt'), bytes: Buffer.from(cut) };
}
