import type { Check } from '../../schemas/guardrail.js';
import type { StageFields } from '../../schemas/telemetry.js';
import { SpecError } from '../errors.js';
import { commandPath } from '../evidence/layout.js';
import { halConfigured } from '../hal/configured.js';
import { guardrailChecks, type HalRun } from '../hal/hal.js';
import { runHal } from '../hal/run.js';
import { SETTINGS_FILE } from '../settings/load.js';
import { type Checked, type Guardrail, notConfigured, required, type Step } from './guardrail.js';

const NAME = 'hal';

export const HAL_PREFIX = `${NAME}:`;

type HalFields = Extract<StageFields, { command: 'spec-ops-validate' }>['hal'];

/** The HAL checks of a stage, each as `hal:<name>`, and what telemetry tells of them once they ran. */
export interface HalStep {
  readonly step: Step;
  fields(): { readonly hal?: HalFields };
}

/** Their captures become part of the bundle of the stage. Without any configuration there is no API to ask. */
export function halStep({ workspace }: Guardrail): HalStep {
  const last: { run?: HalRun } = {};
  return {
    step: {
      name: NAME,
      async run(guardrail, _, say) {
        try {
          if (!(await applies(guardrail))) return nothingConfigured;
          last.run = await runHal(workspace, guardrail.settings, optionsOf(guardrail, say));
          return checksOf(guardrail, last.run);
        } catch (error) {
          if (error instanceof SpecError) return required(NAME, 'not_run', `Not run: ${error.message}`);
          throw error;
        }
      },
    },
    fields() {
      if (last.run === undefined || !workspace.operator.hal.telemetry) return {};
      const { summary, profile, waiver } = last.run;
      return { hal: { summary, ...(waiver === undefined ? { profile } : {}) } };
    },
  };
}

/** An ordered skip is recorded, whatever it skips. */
async function applies({ workspace, settings }: Guardrail): Promise<boolean> {
  return workspace.operator.hal.skip || halConfigured(workspace, settings);
}

const nothingConfigured = notConfigured(
  NAME,
  `Not run: no API is configured. Set base_url under [hal] in ${SETTINGS_FILE}, write a profile with \`spec-kit-mcp hal init\`, or set SPEC_OPS_HAL_BASE_URL.`,
);

function optionsOf(
  { packet, sessionId, staging, configDigest, signal }: Guardrail,
  say: (message: string) => Promise<void>,
) {
  return {
    specId: packet.specId,
    sessionId,
    staging,
    configDigest,
    signal,
    progress: (_done: number, _total: number, message: string) => say(message),
  };
}

function checksOf({ settings, packet }: Guardrail, run: HalRun): readonly Checked[] {
  const folder = `${settings.workspace.evidence_root}/${commandPath(packet.specId, '')}`;
  return guardrailChecks(run.checks, folder).map((check: Check, index) => {
    const file = run.checks[index]?.file;
    return {
      check,
      ...(run.waiver?.check === check.name ? { waiver: run.waiver } : {}),
      ...(file === undefined ? {} : { files: [file] }),
    };
  });
}
