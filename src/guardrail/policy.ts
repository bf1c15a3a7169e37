import { SETTINGS_FILE } from '../settings/load.js';
import { checkOf, distrust, runConfigured, statusOf } from './command.js';
import { type Checked, type Guardrail, notConfigured, type Step } from './guardrail.js';

const TAIL_BYTES = 64 * 1024;

/** The steps of a stage between the two policy commands: the prefilter before them, the final one after them. */
export function withPolicy(steps: readonly Step[]): readonly Step[] {
  return [policyStep('prefilter'), ...steps, policyStep('final')];
}

/** A policy command must say PASS or FAIL in its output; an exit code alone is no verdict. */
function policyStep(which: 'prefilter' | 'final'): Step {
  return {
    name: `policy-${which}`,
    async run(guardrail: Guardrail) {
      const name = guardrail.settings.policy[which];
      if (name === undefined)
        return notConfigured(`policy-${which}`, `Not run: no policy.${which} is configured.`);
      return ungate(guardrail, await checkPolicy(guardrail, `policy-${which}`, name));
    },
  };
}

async function checkPolicy(guardrail: Guardrail, checkName: string, name: string): Promise<Checked> {
  const command = guardrail.settings.commands[name];
  const reason = distrust(guardrail);
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
  const ran = await runConfigured(guardrail, name, command);
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
  return { check: { ...check, ...said[verdict ?? 'none'] }, files: [ran.file] };
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
