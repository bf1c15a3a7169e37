import { SETTINGS_FILE } from '../settings/load.js';
import { commandCheck } from './command.js';
import {
  type Checked,
  type Guardrail,
  notConfigured,
  required,
  type StagePlan,
  type Step,
} from './guardrail.js';
import { HAL_PREFIX, halStep } from './hal-step.js';
import { withPolicy } from './policy.js';
import { scenariosOf } from './scenarios.js';

const NAME = 'scenarios';
const PREFIX = 'scenario:';
const UNCOUNTED = 'It has no `report`, so that nobody counted its tests.';

/** The configured scenarios, then the API. Where there is neither, nothing was validated and nothing passes. */
export function validateStage(guardrail: Guardrail): StagePlan {
  const hal = halStep(guardrail);
  const names = [...new Set(guardrail.settings.guardrail.validate.scenarios)];
  const scenarios = names.map(scenarioStep);
  const without = names.length === 0 ? [nothingElse] : [];
  return {
    steps: withPolicy([...scenarios, hal.step, ...without]),
    fields: done => ({
      command: 'spec-ops-validate',
      scenarios: scenariosOf(done.filter(({ check }) => isScenario(check.name))),
      ...hal.fields(),
    }),
  };
}

function isScenario(name: string): boolean {
  return name.startsWith(PREFIX) || name.startsWith(HAL_PREFIX);
}

function scenarioStep(name: string): Step {
  return { name: `${PREFIX}${name}`, run: guardrail => runScenario(guardrail, name) };
}

/** An exit code of 0 is all that a command without a report says, and a reader must not take it for tests that ran. */
async function runScenario(guardrail: Guardrail, name: string): Promise<Checked> {
  const checked = await commandCheck(guardrail, `${PREFIX}${name}`, name);
  const { check } = checked;
  if (check.status !== 'passed' || check.tests !== undefined) return checked;
  return { ...checked, check: { ...check, message: `${check.message} ${UNCOUNTED}` } };
}

/** Without scenarios it is the API alone that validates; when that did not run either, something has to say so. */
const nothingElse: Step = {
  name: NAME,
  run(_, before): Checked {
    const asked = before.some(
      ({ check }) => check.name.startsWith(HAL_PREFIX) && ['passed', 'failed'].includes(check.status),
    );
    const how = `Name commands under [guardrail.validate] scenarios in ${SETTINGS_FILE}.`;
    return asked
      ? notConfigured(NAME, `Not run: no scenario is configured, so the HAL checks alone decide. ${how}`)
      : required(
          NAME,
          'not_run',
          `Nothing was validated: no scenario is configured and no HAL check ran. ${how}`,
        );
  },
};
