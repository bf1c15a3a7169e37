import type { CheckStatus } from '../../schemas/guardrail.js';
import type { Command } from '../../schemas/settings.js';
import type { BundleFile } from '../evidence/bundle.js';
import { commandPath } from '../evidence/layout.js';
import { withCargoManifest } from '../settings/cargo-manifest.js';
import { SETTINGS_FILE } from '../settings/load.js';
import type { CommandEnd } from '../workspace/command.js';
import type { LogCopy } from '../workspace/redactor.js';
import type { Checked, Guardrail } from './guardrail.js';
import { judgeReport, reportBefore } from './test-report.js';

/** How a configured command ended and where its log lies. */
export interface CommandRan {
  readonly end: CommandEnd;
  /** What an operator's order changed about it: "" or a sentence. */
  readonly note: string;
  readonly log: LogCopy;
  /** Staged, redacted log, relative to the workspace. */
  readonly staged: string;
  readonly file: BundleFile;
}

/** Why the commands of this workspace may not run; undefined when a person trusted exactly this file. */
export function distrust({ workspace, configDigest }: Guardrail): string | undefined {
  if (configDigest !== null && workspace.trusts(configDigest)) return undefined;
  return `it did not run: no person has trusted the commands of this ${SETTINGS_FILE} yet. Read it, then run \`spec-kit-mcp trust\` in the workspace, or in CI set SPEC_KIT_TRUST=${configDigest ?? ''}.`;
}

/** Runs a configured command with its output in a file of this run's staging folder. */
export async function runConfigured(
  guardrail: Guardrail,
  name: string,
  { argv, timeout }: Pick<Command, 'argv' | 'timeout'>,
): Promise<CommandRan> {
  const { workspace, stage, sessionId, staging, signal } = guardrail;
  const logName = freeName(guardrail, number => `spec-${stage}_${sessionId}_${name}${number}_log.txt`);
  const raw = `${staging}/${logName}.raw`;
  const staged = `${staging}/${logName}`;
  const ordered = withCargoManifest(argv, workspace.operator);
  const end = await workspace.runCommand({
    argv: ordered.argv,
    timeoutMs: timeout,
    log: raw,
    signal,
  });
  const log = await workspace.copyLog(raw, staged);
  workspace.files.remove(raw);
  return {
    end,
    note: ordered.note,
    log,
    staged,
    file: { name: logName, staged, sha256: log.sha256, size: log.keptBytes },
  };
}

/** A command may serve several checks of a run; each time has a log of its own. */
function freeName({ workspace, staging }: Guardrail, nameOf: (number: string) => string): string {
  for (let time = 1; ; time++) {
    const name = nameOf(time === 1 ? '' : `-${time}`);
    if (workspace.files.info(`${staging}/${name}`).kind === 'missing') return name;
  }
}

/** The verdict over a command: its exit code, and where it declares a test report, what that says. */
export async function commandCheck(guardrail: Guardrail, checkName: string, name: string): Promise<Checked> {
  const command = guardrail.settings.commands[name];
  const reason =
    command === undefined ? `it did not run: there is no [commands.${name}].` : distrust(guardrail);
  if (command === undefined || reason !== undefined)
    return {
      check: {
        name: checkName,
        status: 'not_run',
        required: true,
        message: `"${name}": ${reason}`,
        command: name,
      },
    };
  const before = reportBefore(guardrail.workspace, command);
  const ran = await runConfigured(guardrail, name, command);
  const ended = checkOf(guardrail, checkName, name, ran, statusOf(ran.end));
  const { check, files } = judgeReport(guardrail, ran.file.name, command, before, ended);
  return { check: { ...ended, ...check }, files: [ran.file, ...files] };
}

/** Exit code 0 alone is passed; a command that did not come to its own end did not run. */
export function statusOf({ ending, exitCode }: CommandEnd): CheckStatus {
  if (ending === 'exited') return exitCode === 0 ? 'passed' : 'failed';
  return ending === 'signalled' ? 'failed' : 'not_run';
}

export function checkOf(
  { packet, settings }: Guardrail,
  checkName: string,
  name: string,
  { end, note, file }: CommandRan,
  status: CheckStatus,
): Checked['check'] {
  const left = end.leftovers ? ' It left processes behind, which were ended.' : '';
  return {
    name: checkName,
    status,
    required: true,
    message: `"${name}" ${end.reason}${left}${note}`,
    command: name,
    exitCode: end.exitCode,
    log: `${settings.workspace.evidence_root}/${commandPath(packet.specId, file.name)}`,
  };
}
