import type { GuardrailReport } from '../../../schemas/guardrail.js';
import { runGuardrailTool } from '../../../tools/run-guardrail.js';
import type { Command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { runTool } from '../run-tool.js';

export const guardrailCommand: Command = {
  name: 'guardrail',
  summary: "run a stage's checks for a spec and record them as evidence",
  takes: 'STAGE SPEC-ID',
  positionals: [2, 2],
  flags: {
    'baseline-mode': { type: 'string', value: 'MODE', help: 'plan only: skip, no-run, quick or full' },
  },
  example: 'spec-kit-mcp guardrail plan SPEC-KIT-DEMO',
  async run(parsed, terminal) {
    const [stage, specId] = parsed.positionals;
    const input = { stage, specId, baselineMode: parsed.text('baseline-mode') };
    const report = await runTool(runGuardrailTool, input, parsed, terminal);
    return { json: report, text: render(report), exitCode: EXIT[report.outcome] };
  },
};

function render({ checks, waivers, summary, telemetry }: GuardrailReport): string {
  return [
    ...checks.map(({ name, status, message }) => `${status.replace('_', ' ').padEnd(8)} ${name}: ${message}`),
    ...waivers.map(({ check, by, reason }) => `waiver   ${check} by ${by}: ${reason}`),
    summary,
    `Telemetry: ${telemetry}`,
  ].join('\n');
}
