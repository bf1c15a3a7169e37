import { HalSmokeInput } from '../schemas/inputs/checks.js';
import { defineTool } from '../src/tool.js';
import { changedByBundle } from './changed-resources.js';

export const halSmokeTool = defineTool({
  name: 'hal_smoke',
  title: 'HAL smoke checks',
  description:
    'Run the HTTP smoke checks (HAL profile: docs/hal/hal_profile.json, else built in) against the configured API alone: status, body, GraphQL, assertions. Records what came over the wire. A failed check is a result, with its cause.',
  input: HalSmokeInput,
  output: async () => (await import('../schemas/hal.js')).HalReport,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  async run({ workspace: _, waitSeconds: __, ...input }, call) {
    const { halSmoke } = await import('../src/hal/smoke.js');
    return halSmoke(input, call);
  },
  subject: ({ specId }) => ({ kind: 'hal', specId, stage: null }),
  changes: changedByBundle,
});
