import type { Waiver } from '../../schemas/guardrail.js';
import type { BaselineMode } from '../../schemas/inputs/checks.js';
import type { Settings } from '../../schemas/settings.js';
import { SETTINGS_FILE } from '../settings/load.js';
import { commandCheck } from './command.js';
import { type Checked, type Guardrail, notConfigured, required, type Step, some } from './guardrail.js';

const CHECK = 'baseline';

/** What the baseline of a run is: the commands to run, and the check that stands for those left out. */
export interface Baseline {
  readonly mode: BaselineMode;
  readonly steps: readonly Step[];
}

/** Configured commands that the mode selects, each a check; what the mode leaves out is said, and excused only by the committed file. */
export function planBaseline(settings: Settings, asked: BaselineMode | undefined): Baseline {
  const all = baselineCommands(settings);
  const committed = settings.guardrail.plan.baseline_mode;
  const mode = asked ?? committed ?? (all.length > 0 ? 'full' : 'no-run');
  const chosen = all.filter(
    name => mode === 'full' || (mode === 'quick' && settings.commands[name]?.quick === true),
  );
  const left = all.filter(name => !chosen.includes(name));
  const steps = chosen.map(commandStep);
  if (all.length === 0) return { mode, steps: [{ name: CHECK, run: () => nothingConfigured }] };
  if (left.length === 0) return { mode, steps };
  return { mode, steps: [...steps, { name: CHECK, run: () => leftOut(mode, left, committed === mode) }] };
}

const nothingConfigured = notConfigured(
  CHECK,
  `Not run: ${SETTINGS_FILE} configures no commands. Add [commands.<name>] with argv to have them run.`,
);

/** The list of the settings, or every command that has no other part. */
function baselineCommands({ commands, guardrail, policy, hal }: Settings): readonly string[] {
  const { plan, implement, validate } = guardrail;
  const others = [
    plan.session_start,
    implement.file_hook,
    ...validate.scenarios,
    policy.prefilter,
    policy.final,
    hal.start,
  ];
  return plan.baseline ?? Object.keys(commands).filter(name => !others.includes(name));
}

function commandStep(name: string): Step {
  const checkName = `${CHECK}:${name}`;
  return {
    name: checkName,
    run: async guardrail => allowFail(guardrail, await commandCheck(guardrail, checkName, name)),
  };
}

function leftOut(mode: BaselineMode, names: readonly string[], committed: boolean): Checked {
  const what = `Mode ${mode} leaves out ${some(names, 5)}.`;
  if (!committed) return required(CHECK, 'not_run', `${what} Run it in mode full to pass.`);
  const waiver: Waiver = { check: CHECK, by: SETTINGS_FILE, reason: `baseline_mode = "${mode}"` };
  return { ...required(CHECK, 'waived', `${what} ${SETTINGS_FILE} orders it.`), waiver };
}

function allowFail({ workspace }: Guardrail, checked: Checked): Checked {
  if (checked.check.status !== 'failed' || !workspace.operator.baselineAllowFail) return checked;
  const waiver = {
    check: checked.check.name,
    by: 'SPEC_OPS_BASELINE_ALLOW_FAIL',
    reason: checked.check.message,
  };
  return { ...checked, check: { ...checked.check, status: 'waived' }, waiver };
}
