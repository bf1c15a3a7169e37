import type { Command } from '../../schemas/settings.js';
import { SETTINGS_FILE } from '../settings/load.js';
import { checkOf, distrust, runConfigured, statusOf } from './command.js';
import { type Checked, type Guardrail, notConfigured, type Step } from './guardrail.js';
import { splitWords } from './words.js';

const TAIL_BYTES = 64 * 1024;

/** The steps of a stage between the two policy commands: the prefilter before them, the final one after them. */
export function withPolicy(steps: readonly Step[]): readonly Step[] {
  return [policyStep('prefilter'), ...steps, policyStep('final')];
}

/** A policy command must say PASS or FAIL in its output; an exit code alone is no verdict. */
function policyStep(which: Which): Step {
  const checkName = `policy-${which}`;
  return {
    name: checkName,
    async run(guardrail: Guardrail) {
      const chosen = chooseCommand(guardrail, which);
      if (chosen === undefined) return notConfigured(checkName, `Not run: no policy.${which} is configured.`);
      const { name, ...rest } = chosen;
      const checked =
        'problem' in rest
          ? notRun(checkName, name, rest.problem)
          : await checkPolicy(guardrail, checkName, name, rest);
      return ungate(guardrail, checked);
    },
  };
}

type Which = 'prefilter' | 'final';
type Chosen = { readonly name: string } & (Pick<Command, 'argv' | 'timeout'> | { readonly problem: string });

const ORDERED = {
  prefilter: 'SPEC_OPS_POLICY_PREFILTER_CMD',
  final: 'SPEC_OPS_POLICY_FINAL_CMD',
} as const;
const ORDERED_TIMEOUT_MS = 600_000;

/** The operator's command line, which needs no trust in the workspace; else the configured command, which does. */
function chooseCommand(guardrail: Guardrail, which: Which): Chosen | undefined {
  const ordered = guardrail.workspace.operator.policy[which];
  if (ordered !== undefined) {
    const split = splitWords(ordered);
    return 'problem' in split
      ? { name: ORDERED[which], problem: `${split.problem}.` }
      : { name: ORDERED[which], argv: split.words, timeout: ORDERED_TIMEOUT_MS };
  }
  const name = guardrail.settings.policy[which];
  if (name === undefined) return undefined;
  const command = guardrail.settings.commands[name];
  const problem =
    command === undefined ? `it did not run: there is no [commands.${name}].` : distrust(guardrail);
  return command === undefined || problem !== undefined
    ? { name, problem: problem ?? '' }
    : { name, argv: command.argv, timeout: command.timeout };
}

function notRun(checkName: string, name: string, problem: string): Checked {
  const message = `"${name}": ${problem}`;
  return { check: { name: checkName, status: 'not_run', required: true, message, command: name } };
}

async function checkPolicy(
  guardrail: Guardrail,
  checkName: string,
  name: string,
  command: Pick<Command, 'argv' | 'timeout'>,
): Promise<Checked> {
  const ran = await runConfigured(guardrail, checkName, command);
  const status = statusOf(ran.end);
  const check = checkOf(guardrail, checkName, name, ran, status);
  if (status !== 'passed') return { check, files: [ran.file] };
  const verdict = readVerdict(tail(guardrail, ran.staged, ran.log.keptBytes));
  const said = {
    PASS: { status: 'passed', message: `"${name}" said PASS.` },
    FAIL: { status: 'failed', message: `"${name}" said FAIL; its log has the reasons.` },
    none: {
      status: 'not_run',
      message: `"${name}" gave no verdict: its last line must end in PASS or FAIL, or be JSON with "verdict".`,
    },
  } as const;
  const { status: judged, message } = said[verdict ?? 'none'];
  return { check: { ...check, status: judged, message: `${message}${ran.note}` }, files: [ran.file] };
}

function tail({ workspace }: Guardrail, path: string, size: number): string {
  const { version } = workspace.files.info(path);
  const start = Math.max(0, size - TAIL_BYTES);
  return workspace.files.readRange(path, start, size - start, version)?.toString('utf8') ?? '';
}

/** PASS or FAIL as the last word of the last non-empty line, or that line as JSON `{"verdict": "PASS"|"FAIL"}`. */
export function readVerdict(output: string): 'PASS' | 'FAIL' | undefined {
  const line = output.trimEnd().split('\n').at(-1)?.trim() ?? '';
  const word = line.startsWith('{')
    ? jsonVerdict(line)
    : /(?:^|[^A-Za-z0-9_])(PASS|FAIL)[.!]?$/.exec(line)?.[1];
  return word === 'PASS' || word === 'FAIL' ? word : undefined;
}

function jsonVerdict(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'verdict' in value ? value.verdict : undefined;
  } catch {
    return undefined;
  }
}

/** With policy.gate off the verdict is recorded and does not decide. */
function ungate({ settings }: Guardrail, checked: Checked): Checked {
  if (settings.policy.gate || checked.check.status === 'passed') return checked;
  const waiver = {
    check: checked.check.name,
    by: SETTINGS_FILE,
    reason: `policy.gate = false: ${checked.check.message}`,
  };
  return { ...checked, check: { ...checked.check, status: 'waived' }, waiver };
}
