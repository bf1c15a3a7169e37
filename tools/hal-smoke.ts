import { HalReport, HalSmokeInput } from '../schemas/hal.js';
import { bundleUri, indexUri } from '../src/evidence/layout.js';
import { halSmoke } from '../src/hal/smoke.js';
import { defineTool } from '../src/tool.js';

export const halSmokeTool = defineTool({
  name: 'hal_smoke',
  title: 'Run the HAL smoke checks',
  description:
    'Send the HTTP checks of the HAL profile to the configured API (that origin alone) and judge status, body, GraphQL errors and assertions. Records what came over the wire as evidence. Returns outcome and each check with its cause. A failed check is a result.',
  input: HalSmokeInput,
  output: HalReport,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  run: ({ workspace: _, ...input }, call) => halSmoke(input, call),
  changes: ({ specId, bundle }) => [
    indexUri(specId),
    bundleUri(specId, bundle),
    `spec-kit://specs/${specId}`,
    'spec-kit://specs',
  ],
});
